/* lab/parallel.c -- see parallel.h */
#include "lab/parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "lab/error.h"

size_t lab_cores(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0)
        return (size_t)CPU_COUNT(&set);
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count > 0 ? (size_t)count : 1;
}

struct queue {
    atomic_size_t next;
    size_t tasks;
    void (*task)(void *context, size_t i);
    void *context;
};

static void *work(void *argument)
{
    struct queue *queue = argument;
    size_t i;
    while ((i = atomic_fetch_add(&queue->next, 1)) < queue->tasks)
        queue->task(queue->context, i);
    return NULL;
}

void lab_parallel(size_t tasks, void (*task)(void *context, size_t i), void *context)
{
    struct queue queue = {.tasks = tasks, .task = task, .context = context};
    const size_t cores = lab_cores(), most = cores < tasks ? cores : tasks;
    pthread_t *helper = lab_alloc(most, sizeof *helper);
    size_t helpers = 0; /* besides this thread; fewer, where no more are to be had */
    while (helpers + 1 < most &&
           pthread_create(&helper[helpers], NULL, work, &queue) == 0)
        helpers++;
    work(&queue);
    for (size_t i = 0; i < helpers; i++)
        pthread_join(helper[i], NULL);
    free(helper);
}
