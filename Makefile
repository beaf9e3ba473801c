# One Makefile, no recursion, no configure step.
#
#   make            build/lab (portable: hot kernels for several CPU generations)
#   make NATIVE=1   the same for this machine only (-march=native), in build-native/
#   make test       every tests/test_*.c and tests/*.sh; under sanitizers with SAN=1
#   make bench      timings, optimised, with ratios to bench/naive.c
#   make falsify    looks for a violated theorem for SECONDS (300), fixed seeds
#   make install    PREFIX=/usr/local, DESTDIR honoured
#   make format     clang-format in place;  make lint: rules of the house + clang-tidy
#
# SAN=1, DEBUG=1 and NATIVE=1 build into folders of their own, so nothing gets mixed.

PREFIX   ?= /usr/local
PACKAGES := gsl libconfig openblas lapacke jansson zlib
VERSION  := 0.1.0

build    := build$(if $(SAN),-san)$(if $(DEBUG),-debug)$(if $(NATIVE),-native)
sanitize := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
warn     := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
            -Wmissing-prototypes -Wwrite-strings -Wvla
target   := $(if $(SAN)$(DEBUG),,$(if $(NATIVE),-march=native,$(if \
            $(findstring x86_64,$(shell $(CC) -dumpmachine)),-DLAB_MULTIVERSION)))

CFLAGS   ?= $(if $(SAN)$(DEBUG),-O1 -g,-O3 -g)
cflags   := -std=c11 -D_GNU_SOURCE $(warn) $(CFLAGS) -pthread -fno-trapping-math \
            -fno-math-errno -fopenmp-simd -ffp-contract=fast $(target) $(if $(SAN),$(sanitize))
ldflags  := $(LDFLAGS) -pthread $(if $(SAN),$(sanitize))
cppflags := -I. -I$(build) -DHAVE_INLINE $(shell pkg-config --cflags $(PACKAGES)) $(CPPFLAGS)
libs     := $(filter-out -lgslcblas,$(shell pkg-config --libs $(PACKAGES))) -lm
about     = -DLAB_VERSION='"$(VERSION)"' -DLAB_DATADIR='"$(PREFIX)/share/lab/data"' \
            -DLAB_BUILD='"$(if $(NATIVE),native,portable)$(if $(SAN), sanitized)"'

# A kind's folder is its name in the plural.
plugins  := $(foreach kind,problem optimizer schedule bound,$(sort $(wildcard $(kind)s/*.c)))
commands := lab/main.c $(wildcard lab/command_*.c)
core     := $(filter-out $(commands),$(wildcard lab/*.c))
tests    := $(wildcard tests/test_*.c)
benches  := $(wildcard bench/*.c) tests/falsify.c
sources  := $(core) $(commands) $(plugins) $(tests) $(benches)

object    = $(patsubst %.c,$(build)/obj/%.o,$(1))
program   = $(patsubst %.c,$(build)/%,$(1))
objects  := $(call object,$(core) $(plugins))

.PHONY: all tests test bench falsify install format lint clean FORCE
.SECONDARY:
all: $(build)/lab

$(build)/lab: $(call object,$(commands)) $(objects)
	$(CC) $(ldflags) -o $@ $^ $(libs)

$(call program,$(tests) $(benches)): $(build)/%: $(build)/obj/%.o $(objects)
	@mkdir -p $(@D)
	$(CC) $(ldflags) -o $@ $^ $(libs) $(if $(filter tests/%,$*),-lcmocka)

$(build)/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(cppflags) $(about) $(cflags) -MMD -MP -c -o $@ $<

# The registry: one line ENTRY(optimizer, momentum) for optimizers/momentum.c.
# Written anew each time but replaced only when a plug-in came or went.
$(build)/registry.def: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' $(plugins) | sed 's|\(.*\)s/\(.*\)\.c|ENTRY(\1, \2)|' > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@
$(call object,lab/registry.c): $(build)/registry.def

tests: $(build)/lab $(call program,$(tests))
test: tests
	@BUILD=$(build) tests/run

bench: $(build)/lab $(call program,$(wildcard bench/*.c))
	@BUILD=$(build) bench/run

falsify: $(call program,tests/falsify.c)
	$(build)/tests/falsify $(SECONDS)

install: $(build)/lab
	install -D -m 755 $(build)/lab "$(DESTDIR)$(PREFIX)/bin/lab"
	install -d "$(DESTDIR)$(PREFIX)/share/lab/data" "$(DESTDIR)$(PREFIX)/share/lab/configs"
	install -m 644 $(wildcard data/*) "$(DESTDIR)$(PREFIX)/share/lab/data"
	install -m 644 $(wildcard configs/*.cfg) "$(DESTDIR)$(PREFIX)/share/lab/configs"

format:
	clang-format -i $(wildcard */*.c */*.h)
lint:
	scripts/lint
	clang-tidy --quiet $(core) $(commands) $(plugins) -- -std=c11 -D_GNU_SOURCE $(cppflags) $(about)
clean:
	rm -rf build build-san build-debug build-native build-san-debug

-include $(patsubst %.o,%.d,$(call object,$(sources)))
