#!/usr/bin/env bash
# The command line from outside: contract.md, sections 3 to 5, one check a line.
#
#   BUILD   the build to test, default build
#
# Needs coreutils, awk, grep, sed; without gnuplot, flock, script or the right to mount,
# the checks that want them are skipped, and said so.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
lab=$(realpath "${BUILD:-build}/lab")
[ -x "$lab" ] || { echo "no $lab: make first" >&2; exit 1; }
work=$(mktemp -d)
mounted=()
cleanup() {
    for folder in "${mounted[@]}"; do umount "$folder" 2> /dev/null; done
    rm -rf "$work"
}
trap cleanup EXIT
unset NO_COLOR LAB_DATA_DIR COLUMNS LINES
export LC_ALL=C.UTF-8

passed=0 failed=0
ok() { passed=$((passed + 1)); echo "ok - $1"; }
not_ok() { failed=$((failed + 1)); echo "not ok - $1: got $2"; }
skip() { echo "# skipped - $1"; }

out=$work/out err=$work/err status=0 ms=0
milliseconds() { echo $((${EPOCHREALTIME/[.,]/} / 1000)); }
lab() { # runs lab; leaves $out, $err, $status, $ms
    local begin
    begin=$(milliseconds)
    timeout --kill-after=5 60 "$lab" "$@" < "${input:-/dev/null}" > "$out" 2> "$err"
    status=$?
    ms=$(($(milliseconds) - begin))
}
brief() { head -c 300 "$1" | tr '\n' '|'; }
is() { # what, got, wanted
    if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1" "'$2', not '$3'"; fi
}
exits() { # what, wanted status: of the last lab
    if [ $status = "$2" ]; then ok "$1"; else not_ok "$1" "exit $status, not $2: $(brief "$err")"; fi
}
has() { # what, file, fixed text
    if grep -qF -- "$3" "$2"; then ok "$1"; else not_ok "$1" "no '$3' in: $(brief "$2")"; fi
}
lacks() { # what, file, fixed text
    if grep -qF -- "$3" "$2"; then not_ok "$1" "'$3' in: $(brief "$2")"; else ok "$1"; fi
}
yes() { # what, command...
    local what=$1
    shift
    if "$@"; then ok "$what"; else not_ok "$what" "failure of: $*"; fi
}
no() { # what, command...
    local what=$1
    shift
    if "$@"; then not_ok "$what" "success of: $*"; else ok "$what"; fi
}
refused() { # text on stderr, then lab's arguments: exit 2, nothing on stdout, soon
    local text=$1 what
    shift
    what="refused: $(printf '%s ' "$@" | tr '\n' ' ' | sed "s|$work/||g" | cut -c1-90)"
    lab "$@"
    if [ $status != 2 ]; then not_ok "$what" "exit $status: $(brief "$err")"
    elif ! grep -qF -- "$text" "$err"; then not_ok "$what" "no '$text' in: $(brief "$err")"
    elif [ -s "$out" ]; then not_ok "$what" "on stdout: $(brief "$out")"
    elif [ "$ms" -ge "$soon" ]; then not_ok "$what" "the answer after $ms ms"
    else ok "$what"; fi
}
narrow() { # what, file: no line beyond 80 columns
    local width
    width=$(wc -L < "$2")
    if [ "$width" -le 80 ]; then ok "$1"; else not_ok "$1" "a line of $width columns"; fi
}
json() { # what, file: is it JSON?  Strings, then scalars, then brackets from inside out.
    local rest
    rest=$(awk '{ gsub(/\\./, ""); gsub(/"[^"]*"/, "s"); text = text " " $0 }
        END {
            gsub(/-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?|true|false|null/, "v", text)
            gsub(/[ \t]/, "", text)
            while (gsub(/\[([sv],)*[sv]\]|\{(s:[sv],)*s:[sv]\}|\[\]|\{\}/, "v", text)) {}
            print text
        }' "$2")
    is "$1" "$rest" v
}
same() { # what, folder, folder: the files that a run must reproduce
    local file
    for file in config.cfg curves.csv bounds.csv verdicts.csv rates.csv; do
        cmp -s "$2/$file" "$3/$file" || { not_ok "$1" "a different $file"; return; }
    done
    is "$1" "$(hash_of "$2")" "$(hash_of "$3")"
}
hash_of() { sed -n 's/.*"config_hash": "\([0-9a-f]*\)".*/\1/p' "$1/manifest.json"; }
there() { compgen -G "$1" > /dev/null; }
snapshot() { (cd "$1" && find . -type f -exec cksum {} + | sort); }
temporaries() { find "$1" -name '.*' ! -name . | grep -c .; }

lab --version
slow=$(grep -c sanitized "$out")
soon=$((slow ? 10000 : 1000))
gnuplot=$(command -v gnuplot)

# small runs, no figures unless a check is about them
cat > "$work/ok.cfg" << 'E'
name = "ok"; steps = 200; seeds = 4;
problems = ( { type = "quadratic"; eigenvalues = [1.0, 2.0]; start = 1.0;
               noise = { type = "gaussian"; sigma = 0.1; }; } );
optimizers = ( { type = "sgd"; } );
schedules = ( { type = "constant"; eta = [0.1, 0.2]; } );
E
cd "$work" || exit 1
here=$OLDPWD
rest='problems=({type="quadratic";}); optimizers=({type="sgd";}); schedules=({type="constant"; eta=0.1;});'

# ---- help, version, usage ---------------------------------------------------

for command in run check plot list show bound tune; do
    for option in --help -h; do
        lab $command $option
        exits "lab $command $option exits 0" 0
        has "lab $command $option says how" "$out" "usage: lab $command"
        is "lab $command $option is silent on stderr" "$(wc -c < "$err")" 0
    done
    narrow "lab $command --help fits 80 columns" "$out"
    lab $command x --version
    exits "lab $command x --version exits 0" 0
    has "lab $command x --version names lab" "$out" "lab 0."
done
for option in --help -h help; do
    lab $option
    exits "lab $option exits 0" 0
    has "lab $option lists commands" "$out" "lab check"
done
narrow "lab help fits 80 columns" "$out"
lab help run
has "lab help run is lab run --help" "$out" "--dry-run"
lab --version
exits "lab --version exits 0" 0
lab
exits "lab alone exits 2" 2
has "lab alone shows commands on stderr" "$err" "lab run"
refused "unknown command 'chekc' (did you mean 'check'?)" chekc
refused "unknown command 'zzzzzz'; see \`lab --help\`" zzzzzz
refused "unknown option '--nope'" --nope
refused "no config given" run
refused "usage: lab check" check
refused "unrecognized option '--forse'" run --forse ok.cfg
refused "invalid option -- 'z'" list -z
refused "requires an argument" run ok.cfg -j
refused "usage: lab show" show
refused "usage: lab show" show a b
refused "usage: lab list" list a b
refused "usage: lab plot" plot
refused "usage: lab plot" plot a b
refused "unknown format 'gif' (svg, png, pdf, txt)" plot a --format gif
refused "usage: lab bound" bound
for j in 0 -1 x 2x 1.5 99999999999999999999 ''; do
    refused "is not a whole number" run ok.cfg -j "$j"
done
refused "-O names no folder" run ok.cfg -O ''
refused "nope.cfg: No such file or directory" run nope.cfg
refused "(did you mean 'ok.cfg'?)" run okk.cfg
no "no results folder came of all that" [ -e results ]

# ---- list, show ---------------------------------------------------------------

lab list
exits "lab list exits 0" 0
narrow "lab list fits 80 columns" "$out"
for shelf in problems optimizers schedules bounds data; do
    has "lab list shows the shelf $shelf" "$out" "$shelf"
    lab list $shelf
    exits "lab list $shelf exits 0" 0
    yes "lab list $shelf is not empty" [ -s "$out" ]
    cp "$out" "list_$shelf"
    lab list --json $shelf
    json "lab list --json $shelf is JSON" "$out"
    lab list
done
has "sgd is an optimizer" list_optimizers sgd
lab list --json
json "lab list --json is JSON" "$out"
has "lab list --json has ranges" "$out" '"range": "[0,1)"'
refused "cannot list 'bound' (did you mean 'bounds'?)" list bound
bad=0 wide=0 count=0
lab list
awk '/^  (  )?[^ ]/ && !/:$/ { print $1 }' "$out" | sort -u > names
while read -r name; do
    lab show "$name"
    [ $status = 0 ] && [ -s "$out" ] || bad="$name: exit $status"
    [ "$(wc -L < "$out")" -le 80 ] || wide="$name"
    count=$((count + 1))
done < names
is "lab show knows every name of lab list" "$bad" 0
is "every card fits 80 columns" "$wide" 0
yes "there are at least 30 names" [ $count -ge 30 ]
lab show momentum
for text in 'beta' '[0,1)' 'default' 'formula' 'source'; do
    has "lab show momentum has $text" "$out" "$text"
done
lab show seed_avg_regret
for text in 'assumes' 'convex' 'required'; do
    has "lab show seed_avg_regret has $text" "$out" "$text"
done
refused "nothing is called 'momentun' (did you mean 'momentum'?)" show momentun
lab show const_step_avg
has "lab show BOUND has what it prescribes" "$out" "eta_t = R1/(G sqrt(T))"
lab show schedule expression
has "lab show KIND NAME shows the one" "$out" "expression (schedule)"
lacks "and not the other" "$out" "expression (problem)"
lab show problem expression
lacks "nor the other way round" "$out" "expression (schedule)"
for words in "domain ball" "metric avg_gap" "data wine" "optimizer adam" "bound seed_avg_regret"; do
    lab show ${words}
    has "lab show $words" "$out" "${words#* } (${words% *}"
done
refused "nothing is called 'adam'" show bound adam
refused "nothing is named" show schedule
lab show inv_sqrt
has "lab show SCHEDULE has learning rates with eta = 1" "$out" "inv_sqrt eta=1: eta_1 = 1, eta_2 = 0.707107,"
lab show schedule exponential
has "or says how to have them" "$out" "lab show schedule exponential KEY=VALUE... steps=N"
lab show schedule theory
has "or that they depend on the problem" "$out" "depend on the problem"
lab show schedule cosine eta=0.1 steps=200 warmup=20
narrow "lab show SCHEDULE KEY=VALUE fits 80 columns" "$out"
for text in "T = 200" "eta_1 = 0.0047619," "eta_20 = 0.0952381, eta_21 = 0.1, eta_199" "sum eta = 10.05,"; do
    has "lab show schedule cosine ... has $text" "$out" "$text"
done
lab show inv_t eta=1,2 steps=3
has "an option may be swept" "$out" "inv_t eta=2: eta_1 = 2, eta_2 = 1, eta_3 = 0.666667,"
lab show schedule piecewise values=1,0.5 steps=3 T=5
has "T is the horizon where steps is an option" "$out" "piecewise values=1,0.5 steps=3: eta_1 = 1, eta_2 = 1, eta_3 = 1, eta_4"
lab show schedule expression 'eta=1/(t+T)' steps=2
has "a formula needs no quotes" "$out" "eta_1 = 0.333333, eta_2 = 0.25,"
lab show schedule exponential eta=1 decay=0.01 steps=1000
has "rates that underflow are said to" "$out" "from t = 163 on"
refused "(did you mean 'eta'?)" show schedule cosine etta=1
refused "schedules.[0].eta = -1 is not in (0,inf)" show cosine eta=-1
refused "steps = 0 is not in [1,inf)" show cosine eta=1 steps=0
refused "eta is given twice" show cosine eta=1 eta=2
refused "'=1' is not KEY=VALUE" show cosine =1
refused "warmup = 5 leaves none of the steps = 5" show constant eta=1 warmup=5 steps=5
refused "eta_1 = -1" show schedule expression 'eta=1/(t-2)' steps=9
refused "only a schedule takes options here" show problem quadratic L=2
refused "unknown schedule 'quadratic'" show quadratic L=2
begin=$(milliseconds)
for _ in 1 2 3 4 5; do "$lab" list > "$out"; done
each=$((($(milliseconds) - begin) / 5))
if [ $each -lt $((slow ? 1000 : 50)) ]; then ok "lab list takes less than 50 ms"; else not_ok "lab list takes less than 50 ms" "$each ms"; fi

# ---- bound --------------------------------------------------------------------

value() { # what, expected, arguments of lab bound
    local what=$1 expected=$2
    shift 2
    lab bound "$@"
    if [ $status = 0 ] && awk -v a="$(cat "$out")" -v b="$expected" \
        'BEGIN { d = a - b; exit !((d < 0 ? -d : d) <= 1e-10 * b) }'; then ok "$what"
    else not_ok "$what" "exit $status, $(brief "$out")$(brief "$err")"; fi
}
value "seed_avg_regret, T = 12" 1.14861027149 seed_avg_regret R=2.64886 G=0.854488 \
    eta=0.279326,0.279326,0.279326,0.279326,0.279326,0.279326,0.279326,0.279326,0.279326,0.279326,0.279326,0.279326
value "seed_avg_regret, T = 5" 2.58894535476 seed_avg_regret R=3.52215 G=1.45583 eta=0.654535,0.654535,0.654535,0.654535,0.654535
value "seed_avg_regret, T = 3 by hand" 1.7666666666666666 seed_avg_regret R=1 G=1 eta=0.3,0.2,0.1
value "seed_avg_regret, T = 1" 5.05 seed_avg_regret R=1 G=1 eta=0.1
value "const_step_avg by hand" 0.55 const_step_avg R1=1 G=1 eta=0.1 T=10
value "T = 1e1 is a whole number" 0.55 const_step_avg R1=1 G=1 eta=0.1 T=1e1
value "inputs in any order" 0.55 const_step_avg T=10 eta=0.1 G=1 R1=1
is "17 significant digits" "$(cat "$out")" 0.55000000000000004
echo '{"R": 1, "G": 1.0, "eta": [0.3, 0.2, 1e-1]}' > in.json
value "--json FILE" 1.7666666666666666 seed_avg_regret --json in.json
value "--json before the name" 1.7666666666666666 --json in.json seed_avg_regret
input=in.json value "--json - reads stdin" 1.7666666666666666 seed_avg_regret --json -
echo '{"R": 1, "eta": [0.3, 0.2, 0.1]}' > part.json
value "--json and KEY=VALUE together" 1.7666666666666666 seed_avg_regret --json part.json G=1
echo '{"A": [[1], [2]], "b": [2, -1], "w1": [2], "eta": [0.25, 0.25, 0.25]}' > matrix.json
value "--json with a matrix" 0.841217041015625 exact_finite_lsq_loss --json matrix.json
B=seed_avg_regret
refused "unknown bound 'seed_avg_regre' (did you mean 'seed_avg_regret'?)" bound seed_avg_regre
refused "R is missing" bound $B G=1 eta=0.1
refused "unknown key 'etta' (did you mean 'eta'?)" bound $B R=1 G=1 etta=0.1
for number in nan inf -inf 0x10 '' 1e999 ' 1' 1x 1,, 1:2 1.2.3; do
    refused "is not a finite number" bound $B "R=$number" G=1 eta=0.1
    refused "is not a finite number" bound $B R=1 G=1 "eta=$number"
done
refused "R = -1 is not in [0,inf)" bound $B R=-1 G=1 eta=0.1
refused "eta.[1] = 0 is not in (0,inf)" bound $B R=1 G=1 eta=0.1,0
refused "'R' is not KEY=VALUE" bound $B R G=1 eta=0.1
refused "'=1' is not KEY=VALUE" bound $B =1 G=1 eta=0.1
refused "R is given twice" bound $B R=1 R=1 G=1 eta=0.1
refused "R is given twice" bound $B R=1 --json in.json
refused "T = 2.5 is not a whole number" bound const_step_avg R1=1 G=1 eta=0.1 T=2.5
refused "overflow" bound $B R=1 G=1e200 eta=1e300
refused "in.jsn: No such file" bound $B --json in.jsn
refused "line 1" bound $B --json .
for text in '' '{"R":1' '{"R":1,"R":2}' '{"R":1e999}' '{"R":NaN}' '{"R":1} x'; do
    printf '%s' "$text" > bad.json
    refused "bad.json: line" bound $B --json bad.json
done
echo '[1]' > bad.json
refused "not a JSON object" bound $B --json bad.json
echo '{"R": "1", "G": 1, "eta": [1]}' > bad.json
refused "R is neither a number nor a list" bound $B --json bad.json
echo '{"R": 1, "G": 1, "eta": []}' > bad.json
refused "eta" bound $B --json bad.json
echo '{"R": 1, "G": 1, "eta": [[1]]}' > bad.json
refused "eta" bound $B --json bad.json

# ---- tune ---------------------------------------------------------------------

cat > tune.cfg << 'E'
steps = 100; seeds = 1; batch = "full";
problems = ( { type = "abs_value"; start = 3; domain = { type = "ball"; radius = 4.0; }; } );
optimizers = ( { type = "sgd"; } );
schedules = ( { type = "constant"; eta = [0.1, 0.3]; } );
E
A=last_iterate_any_schedule
lab tune tune.cfg --bound $A # R1 = 3, G = 1
exits "lab tune" 0
narrow "lab tune fits 80 columns" "$out"
# at T = 100: eta (1 + H_99)/2 + 9/(200 eta), least at eta = 3/(10 sqrt(1 + H_99))
is "the best rate and its bound" "$(awk '$1 == "gap" { print $2, $3 }' "$out" | uniq)" "0.120703 0.74563"
is "the rates of the config" "$(awk '$1 == "gap" { print $4 }' "$out" | tr '\n' ' ')" "0.1 0.3 "
lab tune --bound $A tune.cfg --json
json "lab tune --json is JSON" "$out"
has "it names the method" "$out" '"method": "closed form"'
lab tune tune.cfg --bound const_step_avg -o 'schedules.[0].eta=0.5'
is "-o of lab tune" "$(awk '$1 == "avg_gap" { print $2, $3, $4 }' "$out")" "0.3 0.3 0.5"
lab tune tune.cfg --bound $A -O best.txt
exits "lab tune -O" 0
is "it writes T learning rates" "$(grep -vc '^#' best.txt)" 100
lab tune tune.cfg --bound $A -o 'schedules=({type="table"; file="best.txt";})'
is "a table is scaled, and these steps are the best" "$(awk '$1 == "gap" { print $2, $3, $4, $5, $6 }' "$out")" "1 0.600343 1 0.600343 1"
lab tune tune.cfg --bound gd_convex_classic -o 'problems=({type="quadratic"; eigenvalues=[1.0,3.0]; start=1;})'
has "a cap that binds is named" "$out" "exceeds 1/L ="
lab tune --bound $A R1=1 G=1 schedule=cosine steps=400
is "lab tune without a config" "$(awk '$1 == "right-hand" { print $3, $4 }' "$out")" "0.0482419 0.103386"
lab tune --bound $A R1=1 G=1 schedule=wsd cooldown=0.5 steps=400 eta=0.5
is "options of the schedule" "$(awk '$1 == "right-hand" { print $4, $5 }' "$out")" "0.102422 0.5"
lab tune --bound $A R1=1 G=1 schedule=linear steps=20 -O best.txt
is "a table without a config" "$(grep -vc '^#' best.txt)" 20
lab tune --bound $A R1=1 G=1 schedule=table file=best.txt steps=20 # 1.93310/sqrt(20)
is "a schedule without a base rate has a factor" "$(awk '$1 == "right-hand" { print $3, $4, $5 }' "$out")" "1 0.432254 1"
lab tune --bound const_step_avg R1=1 G=1 T=100
is "a number is tuned, too" "$(awk '$1 == "right-hand" { print $3, $4 }' "$out")" "0.1 0.1"
refused "no theorem is named" tune tune.cfg
refused "no config is named" tune --bound $A
refused "unknown bound 'seed_avg_regre' (did you mean 'seed_avg_regret'?)" tune tune.cfg --bound seed_avg_regre
refused "absent.cfg: No such file" tune absent.cfg --bound $A
refused "one config" tune tune.cfg tune.cfg --bound $A
refused "-o changes a config" tune --bound $A -o steps=5 R1=1
refused "unknown key 'stepz'" tune tune.cfg --bound $A -o stepz=5
refused "takes R and G of the run" tune tune.cfg --bound seed_avg_regret
refused "known before a run of arm 1: " tune tune.cfg --bound seed_avg_regret
refused "arm 2, avg_regret: is about dual_averaging, not sgd" tune tune.cfg --bound dual_averaging_regret
refused "prescribes no learning rates" tune tune.cfg --bound last_iterate_const -O no.txt
refused "2 problems" tune tune.cfg --bound $A -O no.txt -o 'problems=({type="abs_value";start=3;},{type="abs_value";start=2;})'
refused "G is missing" tune --bound $A R1=1 schedule=cosine steps=5
refused "steps is missing" tune --bound $A R1=1 G=1 schedule=cosine
refused "schedule=TYPE" tune --bound $A R1=1 G=1 steps=5
refused "unknown schedule 'cosin' (did you mean 'cosine'?)" tune --bound $A R1=1 G=1 steps=5 schedule=cosin
refused "unknown key" tune --bound $A R1=1 G=1 steps=5 schedule=cosine foo=1
refused "depends on a problem" tune --bound $A R1=1 G=1 steps=5 schedule=theory
refused "takes no schedule" tune --bound const_step_avg R1=1 G=1 T=5 schedule=constant
refused "needs a CONFIG" tune --bound gd_convex_tight L=1 R1=1 T=5
refused "needs steps that never grow" tune --bound seed_avg_regret R=1 G=1 schedule=cosine warmup=5 steps=20
refused "prescribes no eta_1..eta_T for these" tune --bound $A R1=1 G=0 schedule=cosine steps=5 -O no.txt
no "a refused -O writes nothing" test -e no.txt
lab tune tune.cfg --bound $A -O absent/best.txt
exits "a table that cannot be written" 1

# ---- optimizers that do not fit the problem ----------------------------------------

unfit() { # what lab says; problem, optimizer, batch
    printf 'name = "unfit"; steps = 9; batch = %s; problems = ( { type = %s } );\noptimizers = ( { type = %s } );
        schedules = ( { type = "constant"; eta = 0.1; } );\n' "${4:-1}" "$2" "$3" > unfit.cfg
    refused "unfit.cfg:2: $1" check unfit.cfg
}
simplex='domain = { type = "simplex"; };' full='"full"'
needs() { echo "$1 on problem '$2': it needs $3"; }
unfit "$(needs mirror_descent quadratic 'domain = { type = "simplex"; }')" '"quadratic";' '"mirror_descent";'
unfit "$(needs mirror_descent experts 'domain = { type = "simplex"; }')" \
    '"experts"; domain = { type = "box"; lower = 0.0; upper = 1.0; };' '"mirror_descent";'
unfit "$(needs mirror_descent 'quadratic d=2' 'a start inside the simplex, but x_1[1] = 0')" \
    "\"quadratic\"; d = 2; start = [1.0, 0.0]; $simplex" '"mirror_descent";'
unfit "$(needs hedge experts 'domain = { type = "simplex"; }')" '"experts";' '"hedge";'
unfit "$(needs hedge 'quadratic d=2' 'the start (1/d, ..., 1/d) = 0.5')" \
    "\"quadratic\"; d = 2; start = [0.7, 0.3]; $simplex" '"hedge";'
unfit "$(needs polyak mlp 'f_star, but it is unknown: a network')" '"mlp";' '"polyak";' "$full"
unfit "$(needs polyak least_squares 'f(x_t) and its gradient exactly (batch = "full"); with sampled losses there are sps_max and sps_star')" \
    '"least_squares";' '"polyak";'
unfit "$(needs polyak quadratic 'f(x_t) and its gradient exactly (here is noise)')" \
    '"quadratic"; noise = { sigma = 0.1; };' '"polyak";'
unfit "$(needs polyak gauss_least_squares 'f(x_t) and its gradient exactly (here is a stream)')" \
    '"gauss_least_squares";' '"polyak";'
unfit "$(needs sps_max least_squares 'inf l(.; xi), but losses with added noise have none')" \
    '"least_squares"; noise = { sigma = 0.1; };' '"sps_max";'
unfit "$(needs sps_max gauss_least_squares 'the infimum of every sampled loss')" '"gauss_least_squares";' '"sps_max";'
unfit "$(needs sps_max mlp 'the infimum of every sampled loss, but it is not known')" '"mlp";' '"sps_max";'
unfit "$(needs sps_max sign_counterexample 'the infimum of every sampled loss, but linear losses have none')" \
    '"sign_counterexample"; domain = { type = "box"; lower = -1.0; upper = 1.0; };' '"sps_max";'
unfit "$(needs sps_max least_squares 'the infimum of every mini-batch loss')" '"least_squares";' '"sps_max";' 4
unfit "$(needs sps_star mlp 'x_star, but it is unknown')" '"mlp";' '"sps_star";'
unfit "gamma_b = inf" '"least_squares";' '"sps_max"; gamma_b = inf;'
for fits in 1 '"full"'; do
    printf 'steps = 9; batch = %s; problems = ( { type = "least_squares"; } ); schedules = ( { type = "constant";
        eta = 0.1; } ); optimizers = ( { type = "sps_max"; }, { type = "sps_star"; } );\n' "$fits" > fits.cfg
    lab check fits.cfg
    exits "sps_max and sps_star with batch = $fits" 0
done

# ---- run: the seed experiment ---------------------------------------------------

seed_options=(-o steps=3000 -o seeds=8)
(cd "$here" && lab run configs/sgd_decay.cfg "${seed_options[@]}" -O "$work/r" && echo "$status" > "$work/status")
status=$(cat status)
run=r/sgd_decay
if [ -n "$gnuplot" ]; then exits "sgd_decay runs" 0; else exits "sgd_decay runs, without gnuplot" 1; fi
narrow "its report fits 80 columns" "$out"
for text in "sgd_decay" "facts" "certified" "tightness" "holds" "results in"; do
    has "its report says $text" "$out" "$text"
done
for file in config.cfg curves.csv bounds.csv verdicts.csv rates.csv manifest.json; do
    yes "it writes $file" [ -s $run/$file ]
    no "no carriage return in $file" grep -q $'\r' $run/$file
    is "$file is UTF-8" "$(iconv -f utf-8 -t utf-8 $run/$file | cmp - $run/$file 2>&1)" ""
    is "$file ends with a line end" "$(tail -c 1 $run/$file | od -An -c | tr -d ' ')" '\n'
done
no "no replicas.csv unless asked for" [ -e $run/replicas.csv ]
is "no temporary file is left" "$(temporaries $run)" 0
yes "a gnuplot script for each figure" there "$run/figures/*.gp"
is "header of curves.csv" "$(head -1 $run/curves.csv)" "arm,metric,t,mean,se,sd,min,q05,q25,median,q75,q95,max,replicas"
is "header of bounds.csv" "$(head -1 $run/bounds.csv)" "arm,bound,metric,t,bound_value,empirical,se,ratio"
is "header of verdicts.csv" "$(head -1 $run/verdicts.csv)" "arm,bound,metric,status,verdict,tightness,tightness_lo,tightness_hi,worst_t,reason"
is "header of rates.csv" "$(head -1 $run/rates.csv)" "arm,metric,from,to,slope,lo,hi,bound,bound_slope,shape"
is "every rate has its 10 columns" "$(awk -F, 'NF != 10' $run/rates.csv | wc -l)" 0
is "known shapes only" "$(awk -F, 'NR > 1 && $10 !~ /^(power|flat|geometric|diverged|zero|negative|short)$/' $run/rates.csv)" ""
is "a bound's slope stands beside the metric's" "$(awk -F, '$2 == "avg_regret" && $8 == "projected_avg_regret" { print ($4 == 3000) "," ($6 <= $5 && $5 <= $7) "," ($9 > -0.51 && $9 < -0.4) }' $run/rates.csv)" "1,1,1"
has "the report has rates" "$out" "rates: slope of log mean against log t"
numbers() { # what, file, first column of numbers: as %.17g writes them, or nan, inf, -inf
    is "$1" "$(awk -F, -v first="$3" 'NR > 1 { for (i = first; i <= NF; i++)
        if ($i !~ /^(nan|-?inf|-?[0-9]+(\.[0-9]+)?(e[-+][0-9]+)?)$/) print NR ": " $i }' "$2" | head -3)" ""
}
numbers "numbers of curves.csv" $run/curves.csv 3
numbers "numbers of bounds.csv" $run/bounds.csv 4
yes "they have 17 significant digits" grep -qE '[,.-]0*[1-9][0-9]{15,16}(,|e|$)' <(tr -d . < $run/curves.csv)
is "every row has its 14 columns" "$(awk -F, 'NF != 14' $run/curves.csv | wc -l)" 0
is "rows of curves.csv count 8 replicas" "$(awk -F, 'NR > 1 && $14 != 8' $run/curves.csv | wc -l)" 0
is "rows begin with t = 1" "$(awk -F, 'NR == 2 { print $3 }' $run/curves.csv)" 1
is "rows end with t = T" "$(awk -F, '$2 == "avg_regret" { t = $3 } END { print t }' $run/curves.csv)" 3000
is "64 rows at most" "$(awk -F, '$2 == "avg_regret"' $run/curves.csv | awk 'END { print NR <= 64 }')" 1
is "ratio = empirical / bound_value" "$(awk -F, 'NR > 1 { r = $6 / $5 - $8; if (r > 1e-12 || r < -1e-12) print }' $run/bounds.csv | head -2)" ""
is "known status words only" "$(awk -F, 'NR > 1 && $4 !~ /^(certified|estimated|not_applicable)$/' $run/verdicts.csv)" ""
is "known verdict words only" "$(awk -F, 'NR > 1 && $5 !~ /^(holds|violated|undecided|-)$/' $run/verdicts.csv)" ""
is "not_applicable has a reason" "$(awk -F, '$4 == "not_applicable" && $10 == ""' $run/verdicts.csv)" ""
is "a certified bound holds" "$(awk -F, '$2 == "projected_avg_regret" && $3 == "avg_regret" { print $4 "," $5 }' $run/verdicts.csv)" "certified,holds"
json "manifest.json is JSON" $run/manifest.json
for key in lab_version config_hash seed started wall_seconds host libraries problems arms \
    label type facts value status source arm problem optimizer schedule steps gradient_evaluations diverged; do
    has "manifest.json has $key" $run/manifest.json "\"$key\":"
done
for fact in L L_max mu mu_min G f_star x_star sigma2 sigma2_star R1 D; do
    has "the manifest has the fact $fact" $run/manifest.json "\"$fact\": {"
done
for text in 'steps = 3000;' 'seeds = 8;' 'batch = 1;' 'sampling = "iid";' 'checkpoints = ' 'l2 = 0' 'warmup = 0;'; do
    has "config.cfg writes out $text" $run/config.cfg "$text"
done

# again, and from its own config.cfg
before=$(snapshot $run | grep -v figures)
(cd "$here" && lab run configs/sgd_decay.cfg "${seed_options[@]}" -O "$work/r")
has "a second identical run says so" "$out" "this very run"
is "and changes no result" "$(snapshot $run | grep -v figures)" "$before"
lab run $run/config.cfg -O r2 --no-plot -q
exits "config.cfg runs" 0
is "-q prints no tables" "$(wc -c < "$out")" 0
same "config.cfg gives the same run" $run r2/sgd_decay
lab run $run/config.cfg -O r --dry-run
has "a dry run knows that it is there already" "$out" "this very run"
rm r2/sgd_decay/curves.csv
lab run $run/config.cfg -O r2 --no-plot
exits "a run whose curves.csv is gone is run again" 0
same "to the same bytes" $run r2/sgd_decay

# ---- run: force, threads, determinism ---------------------------------------------

lab run ok.cfg -O r --no-plot -o raw=true
exits "ok.cfg runs" 0
yes "raw = true writes replicas.csv" [ -s r/ok/replicas.csv ]
is "header of replicas.csv" "$(head -1 r/ok/replicas.csv)" "arm,replica,metric,t,value"
numbers "numbers of replicas.csv" r/ok/replicas.csv 4
lacks "without raw_x no x" r/ok/replicas.csv "x[0]"
is "two arms, four replicas" "$(awk -F, 'NR > 1 { print $1 "." $2 }' r/ok/replicas.csv | sort -u | tr '\n' ' ')" "1.1 1.2 1.3 1.4 2.1 2.2 2.3 2.4 "
before=$(snapshot r/ok)
refused "different config" run ok.cfg -O r --no-plot -o seed=2
has "and it says what to do" "$err" "--force"
lab run --dry-run ok.cfg -O r -o seed=2
exits "--dry-run foresees that" 2
is "a refused run changes nothing" "$(snapshot r/ok)" "$before"
mkdir -p r/ok/figures
touch r/ok/figures/avg_regret-9.svg r/ok/figures/gap.gp r/ok/figures/mine.svg r/ok/.curves.csv.1.tmp
lab run ok.cfg -O r --no-plot --force -o seed=2
exits "--force replaces" 0
no "with --force no replicas.csv of old stays" [ -e r/ok/replicas.csv ]
no "nor an old figure" there "r/ok/figures/avg_regret-9.svg"
no "nor an old script" [ -e r/ok/figures/gap.gp ]
yes "but the user's own file does" [ -e r/ok/figures/mine.svg ]
rm r/ok/figures/mine.svg
is "leftovers of a killed run go" "$(temporaries r/ok)" 0

for j in 1 2 3; do lab run ok.cfg -O "j$j" --no-plot -q -j $j -o raw=true -o raw_x=true -o seeds=37; done
same "-j 1 and -j 2 give the same bytes" j1/ok j2/ok
same "-j 1 and -j 3 give the same bytes" j1/ok j3/ok
yes "also in replicas.csv" cmp -s j1/ok/replicas.csv j3/ok/replicas.csv
has "raw_x = true writes x[0]" j1/ok/replicas.csv ",x[0],"
has "raw_x = true writes x[1]" j1/ok/replicas.csv ",x[1],"
no "and no x[2]" grep -q ',x\[2\],' j1/ok/replicas.csv
is "x_1 is the start" "$(awk -F, '$3 == "x[0]" && $4 == 1 { print $5 }' j1/ok/replicas.csv | sort -u)" 1
lab run --no-plot -q -j3 ok.cfg -o seeds=37 -O j4
exits "options before operands" 0
yes "a metric more does not change the others" \
    cmp -s <(grep ,gap, j4/ok/curves.csv) <(grep ,gap, j1/ok/curves.csv)
lab run ok.cfg -O r5 --no-plot -q -o seeds=37 -o 'metrics=["gap","dist2"]'
yes "metrics=[...] is all of them and the bounds'" grep -q ,dist2, r5/ok/curves.csv
yes "the set of metrics does not change their values" \
    cmp -s <(grep ,gap, r5/ok/curves.csv) <(grep ,gap, j1/ok/curves.csv)
lab run ok.cfg -O r5 --force --no-plot -q -o seeds=5 -o raw=true
lab run ok.cfg -O r6 --no-plot -q -o seeds=9 -o raw=true
yes "more seeds leave the first ones as they were" \
    cmp -s <(grep '^2,[1-5],gap,' r5/ok/replicas.csv) <(grep '^2,[1-5],gap,' r6/ok/replicas.csv)
lab run ok.cfg -O r6 --force --no-plot -q -o seed=5
no "another seed gives other numbers" cmp -s r6/ok/curves.csv r/ok/curves.csv
lab run ok.cfg --strict --no-plot -q -O r
exits "--strict without a violation exits 2 for a different config" 2
lab run ok.cfg --strict --no-plot -q -O strict
exits "--strict without a violation exits 0" 0
sed -i 's/certified,holds/certified,violated/' strict/ok/verdicts.csv
lab run ok.cfg --strict --no-plot -q -O strict
exits "--strict exits 3 if verdicts.csv of the same run has a violation" 3
lab run ok.cfg --dry-run -O dry
exits "--dry-run exits 0" 0
has "--dry-run says what it would write" "$out" "would write"
no "--dry-run writes nothing" [ -e dry ]
sed 's/"ok"/"ok2"/' ok.cfg > ok2.cfg
lab run ok.cfg ok2.cfg -O two --no-plot
exits "two configs in one call" 0
yes "both are there" [ -s two/ok/manifest.json -a -s two/ok2/manifest.json ]
refused 'ok.cfg: name = "ok" is also that of ok.cfg' run ok.cfg ok.cfg -O three --no-plot
no "neither was run" [ -e three ]
grep -v name ok.cfg | sed '1s/^/steps = 50; seeds = 2;/' > nameless.cfg
lab run nameless.cfg --no-plot -q
yes "without a name it is that of the file, in results/" [ -s results/nameless/manifest.json ]
rm -rf results

# ---- sweeps, arms, rows ---------------------------------------------------------------

cat > arms.cfg << 'E'
name = "arms"; steps = 40; seeds = 2;
problems = ( { type = "quadratic"; eigenvalues = [1.0]; label = "P"; noise = { sigma = [0.1, 0.2]; }; },
             { type = "quadratic"; eigenvalues = (2, 1e0); domain = { type = "ball"; radius = [1, 2.5]; }; } );
optimizers = ( { type = "sgd"; }, { type = "momentum"; beta = (0.5, 0.9); } );
schedules = ( { type = "constant"; eta = [0.1, 2e-1]; label = "C"; }, { type = "inv_sqrt"; eta = 1; warmup = 10; } );
E
lab run arms.cfg -O r --no-plot
exits "a cross product with sweeps runs" 0
narrow "its report fits 80 columns" "$out"
manifest=r/arms/manifest.json
member() { sed -n "s/^ *\"$1\": \"\\(.*\\)\",*$/\\1/p" $manifest; }
is "36 arms" "$(grep -c '"arm":' $manifest)" 36
is "numbered from 1" "$(sed -n 's/.*"arm": \([0-9]*\),/\1/p' $manifest | tr '\n' ' ')" "$(seq -s ' ' 36) "
is "schedules are fastest" "$(member schedule | head -4 | tr '\n' ',')" "C eta=0.1,C eta=0.2,inv_sqrt eta=1 warmup=10,C eta=0.1,"
is "then optimizers" "$(member optimizer | head -10 | uniq | tr '\n' ',')" "sgd,momentum beta=0.5,momentum beta=0.9,sgd,"
is "then problems" "$(member problem | uniq | tr '\n' ',')" "P noise.sigma=0.1,P noise.sigma=0.2,quadratic domain.radius=1,quadratic domain.radius=2.5,"
is "labels of arms name what differs" "$(sed -n 's/^ *"label": "\(P noise.sigma=0.2 · momentum.*\)",/\1/p' $manifest | head -1)" "P noise.sigma=0.2 · momentum beta=0.5 · C eta=0.1"
rows() { awk -F, 'NR > 1 && $1 == 1 && $2 == "'"$2"'" { print $3 }' "$1/curves.csv" | tr '\n' ' '; }
metric=$(awk -F, 'NR == 2 { print $2 }' r/arms/curves.csv)
for t in 1 10 40; do
    case " $(rows r/arms "$metric")" in *" $t "*) ok "a row at t = $t";; *) not_ok "a row at t = $t" "$(rows r/arms "$metric")";; esac
done
lab run r/arms/config.cfg -O r2 --no-plot -q
same "its config.cfg gives the same run" r/arms r2/arms
lab run ok.cfg -O every --no-plot -q -o every=1 -o steps=7
is "every = 1 gives every row" "$(rows every/ok gap)" "1 2 3 4 5 6 7 "
lab run ok.cfg -O every --force --no-plot -q -o every=3 -o steps=8
is "every = 3" "$(rows every/ok gap)" "1 3 6 8 "
lab run every/ok/config.cfg -O every2 --no-plot -q
same "config.cfg with every gives the same run" every/ok every2/ok
lab run ok.cfg -O every --force --no-plot -q -o checkpoints=5 -o steps=1000 -o 'schedules[0].warmup=77'
is "checkpoints and the end of warm-up" "$(rows every/ok gap | wc -w)" 7
case " $(rows every/ok gap)" in " 1 "*" 77 "*" 1000 ") ok "1, the kink and T among them";; *) not_ok "1, the kink and T among them" "$(rows every/ok gap)";; esac
lab run ok.cfg -O every --force --no-plot -q -o steps=1
exits "T = 1 runs" 0
lab run ok.cfg -O every --force --no-plot -q -o seeds=1
exits "one seed runs" 0
is "one seed has no standard error" "$(awk -F, 'NR == 2 { print $5 }' every/ok/curves.csv)" nan

cat > slack.cfg << 'E'
name = "slack"; steps = 300; seeds = 3; slack = true;
problems = ( { type = "quadratic"; d = 3; noise = { sigma = 0.2; }; domain = { type = "box"; lower = -1; upper = 2; }; } );
optimizers = ( { type = "sgd"; }, { type = "adam"; } );
schedules = ( { type = "constant"; eta = 0.1; } );
metrics = ( "dist2" );
E
lab run slack.cfg -O r -q
for figure in slack-1 last_slack-1; do
    yes "slack = true draws $figure" [ -s r/slack/figures/$figure.gp ]
    has "$figure says what its axis is" r/slack/figures/$figure.gp "share of the bound"
done
no "not for adam" there "r/slack/figures/*slack-2.gp"
is "the parts and what they add up with are there" "$(awk -F, '$1 == 1 && $3 == 300 && $2 ~ /^(slack_|avg_regret$)/ { n++ } END { print n }' r/slack/curves.csv)" 6
if [ -n "$gnuplot" ]; then
    rm r/slack/figures/*
    lab plot r/slack
    has "lab plot redraws them" "$out" "r/slack/figures/last_slack-1.svg"
    lab plot r/slack --show
    has "also in the terminal" "$out" "share of the bound"
fi
lab run slack.cfg -O r -q --force --no-plot -o slack=false
no "figures of a run that is replaced go" there "r/slack/figures/*slack-1.gp"
refused "from = 250 is not below to = 200" check slack.cfg -o 'expect=({arm=1;metric="gap";slope=-1;from=250;to=200;})'

# ---- what a run costs -------------------------------------------------------------------

cat > cost.cfg << 'E'
name = "cost"; steps = 50; seeds = 3;
problems = ( { type = "logistic"; data = "wine"; positive = 0; l2 = 0.1; max_row_norm = 1.0; } );
optimizers = ( { type = "sgd"; }, { type = "sam"; }, { type = "lsvrg"; p = 0.1; } );
schedules = ( { type = "constant"; eta = 0.1; } );
bounds = (); metrics = ( "gap", "gap_ema_iterate" );
E
costs() { sed -n 's/^ *"gradient_evaluations": \(.*\),$/\1/p' "$1/manifest.json" | tr '\n' ' '; }
last() { awk -F, -v metric="$2" '$2 == metric && $3 == 50 { print $4 }' "$1/curves.csv"; }
lab run cost.cfg -O r --no-plot -q
exits "gap_ema_iterate runs" 0
without=$(costs r/cost)
is "the manifest counts what each arm evaluates" "${without% * }" "50 100"
lab run r/cost/config.cfg -O r2 --no-plot -q
same "config.cfg with average_beta gives the same run" r/cost r2/cost
has "it is written out" r2/cost/config.cfg "average_beta = 0.9"
lab run cost.cfg -O r --no-plot -q --force -o 'metrics=["evaluations"]'
is "asking for evaluations changes no count" "$(costs r/cost)" "$without"
is "the last row of evaluations is that count" "$(last r/cost evaluations | awk '{ printf "%.12g ", $1 }')" \
    "$(echo "$without" | awk '{ printf "%.12g %.12g %.12g ", $1, $2, $3 }')"
lab run cost.cfg -O r --no-plot -q --force -o batch=16 -o 'optimizers=({type="sgd";})'
is "a mini-batch of 16 counts 16" "$(costs r/cost)" "800 "
lab run cost.cfg -O r --no-plot -q --force -o 'batch="full"' -o 'optimizers=({type="sgd";})'
is "the whole sum counts n" "$(costs r/cost)" "8900 "
refused 'average_beta = 1 is not in [0,1)' run cost.cfg -o average_beta=1

# ---- overrides ---------------------------------------------------------------------

lab check ok.cfg -o steps=1e3 -o seeds=3.0 -o name=foo -o 'title="a b"' -o 'schedules.[0].eta=0.3' \
    -o 'optimizers.[0]={type="momentum"; beta=0.5;}' -o problems.[0].noise.sigma=0 -o 'bounds=("const_step_avg")' \
    -o 'problems.[0].start=[1, 2.0]' -o batch=2 -o raw=true -o sampling=iid
exits "overrides of every kind" 0
for text in "foo: a b" "3 seeds x 1000 steps" "batch 2" "momentum beta=0.5" "eta=0.3"; do
    has "they arrive: $text" "$out" "$text"
done
narrow "lab check fits 80 columns" "$out"
refused "-o steps: KEY=VALUE is meant" check ok.cfg -o steps
refused "-o =5: " check ok.cfg -o =5
refused "a value is missing" check ok.cfg -o steps=
refused "optimizers.[1] does not exist" check ok.cfg -o 'optimizers.[1].beta=0.1'
refused "-o stepz=5: unknown key 'stepz' (did you mean 'steps'?)" check ok.cfg -o stepz=5
refused "(did you mean 'eta'?)" check ok.cfg -o 'schedules.[0].etta=1'
refused "is not a number" check ok.cfg -o 'schedules.[0].eta=x'
refused "is not in [0,inf)" check ok.cfg -o 'schedules.[0].eta=-1' -o 'problems.[0].noise.sigma=-1'
refused "-o steps=2.7: steps = 2.7 is not a whole number" check ok.cfg -o steps=2.7
refused "one value is meant" check ok.cfg -o 'steps=1;seeds=2'
refused "steps is a list" check ok.cfg -o 'steps=[10,20]'
refused "never closed" check ok.cfg -o 'title="a'
refused "warmup = 200 leaves none of the steps" check ok.cfg -o 'schedules.[0].warmup=200'
refused "raw_x = true needs raw = true" check ok.cfg -o raw_x=true
refused "exclude each other" check ok.cfg -o every=2 -o checkpoints=5
refused "kappa is missing" check ok.cfg -o 'optimizers.[0]={type="nesterov_sc";}'
refused 'iterate = "w" is not one of x, y, z' check ok.cfg -o 'optimizers.[0]={type="schedule_free"; iterate="w";}'
refused "it needs the prox of h" check ok.cfg -o 'optimizers.[0]={type="fista";}' \
    -o 'problems.[0]={type="lasso"; domain={type="simplex";};}'
refused "start has 3 coordinates, but d = 2" check ok.cfg -o 'problems.[0].start=[1,2,3]'
refused "start lies outside the domain" check ok.cfg -o 'problems.[0].domain={type="ball"; radius=0.5;}'
refused "not_a_metric" check ok.cfg -o 'metrics=["not_a_metric"]'
refused "of memory" check ok.cfg -o steps=1e9 -o 'schedules.[0].eta=[1,2,3,4,5,6,7,8,9]' -o every=0
refused "of memory" check ok.cfg -o seeds=1e7 -o checkpoints=1e5 -o steps=1e6
cat > sweep.cfg << E
problems=({type="quadratic";}); optimizers=({type="sgd";});
schedules=({type="constant"; eta=[$(seq -s, 200)]; warmup=[$(seq -s, 200)];});
E
refused "too many arms" check sweep.cfg
cat > pair.cfg << 'E'
problems = ( { type = "gauss_least_squares"; }, { type = "quadratic"; },
             { type = "matrix_factorization"; rows = 1000; columns = 1000; rank = 50; observed = 0.9; } );
optimizers = ( { type = "sgd"; },
               { type = "svrg"; },
               { type = "sag"; } );
schedules = ( { type = "constant"; eta = 0.1; } ); seeds = 2; steps = 10;
E
refused "pair.cfg:4: svrg on problem 'gauss_least_squares': it needs a finite sum, but" check pair.cfg
has "and why" "$err" "is a stream: no sample comes twice"
has "a problem without data" "$err" "quadratic has no data points"
has "a table of gradients that is too large" "$err" "pair.cfg:5: sag on problem 'matrix_factorization"
has "with numbers" "$err" "n x d = 900000 x 100000 numbers for every seed at work"

# ---- mistakes in configs ---------------------------------------------------------------

cat > wrong.cfg << 'E'
name = "wrong";
optimizers = ( { type = "momentum";
                 beta = 1.2; },
               { type = "sgdd"; } );
stepz = 100;
seeds = 0;
problems = ( { type = "quadratic"; noize = 1; },
             { type = "logistic"; data = "no_such_data"; } );
schedules = ( { type = "constant"; } );
bounds = ( "seed_avg_regre" );
metrics = ( "gapp" );
plots = ( { metric = "gap"; x = "lin"; } );
sampling = "iidd";
E
refused "wrong.cfg:3: optimizers.[0].beta = 1.2 is not in [0,1)" run wrong.cfg -O wrong
is "every mistake, in the order of the file" "$(cut -d: -f2 "$err" | tr '\n' ' ')" "3 4 5 6 7 8 9 10 11 12 13 "
cp "$err" mistakes
cat > opened.cfg << 'E'
steps = 10;
problems = ( { type = "logistic"; data = "./no-such.csv"; }, { type = "quadratic"; M = 3; } );
optimizers = ( { type = "sgd"; } );
schedules = (
  { type = "expression"; eta = "1/sqr(t)"; },
  { type = "table"; file = "./no-such.txt"; },
  { type = "theory"; bound = "gd_sc_valu"; },
  { type = "piecewise"; values = [1, 2, 3]; steps = [4]; },
  { type = "expression"; eta = "1/t"; warmup = 3; } );
E
refused "unknown function 'sqr'" check opened.cfg
is "what only opening finds is said with the rest" "$(cut -d: -f2 "$err" | tr '\n' ' ')" "2 2 5 6 7 8 "
cat > alike.cfg << 'E'
steps = 10;
problems = ( { type = "quadratic"; domain = { type = "ball"; radius = 1.0; }; }, { type = "quadratic"; } );
optimizers = ( { type = "sgd"; } );
schedules = ( { type = "piecewise"; values = [1, 0.5]; steps = [4]; },
              { type = "piecewise"; values = [1, 0.25]; steps = [4]; },
              { type = "piecewise"; values = [1, 0.25]; steps = [4]; label = "mine"; },
              { type = "piecewise"; values = [1, 0.25]; steps = [4]; } );
E
lab run alike.cfg -O r --no-plot
manifest=r/alike/manifest.json
is "automatic labels tell schedules apart" "$(member schedule | head -4 | tr '\n' '|')" \
    "piecewise values=1,0.5 steps=4|piecewise values=1,0.25 steps=4|mine|piecewise values=1,0.25 steps=4 (2)|"
is "and problems" "$(member problem | uniq | tr '\n' '|')" "quadratic|quadratic (2)|"
lab run r/alike/config.cfg -O again --no-plot -q
is "the effective config has the same labels" "$(hash_of again/alike)" "$(hash_of r/alike)"
has "unknown key with the nearest" mistakes "wrong.cfg:5: unknown key 'stepz' (did you mean 'steps'?)"
has "unknown optimizer with the nearest" mistakes "wrong.cfg:4: optimizers.[1].type: unknown optimizer 'sgdd' (did you mean 'sgd'?)"
has "unknown key of a problem with the nearest" mistakes "(did you mean 'noise'?)"
has "range of a top-level number" mistakes "wrong.cfg:6: seeds = 0 is not in [1,"
has "a data set that is not there" mistakes "no_such_data"
has "a required number" mistakes "eta is missing"
has "unknown bound" mistakes "(did you mean 'seed_avg_regret'?)"
has "unknown metric" mistakes "(did you mean 'gap'?)"
no "nothing is written before the config is valid" [ -e wrong ]
refused "wrong.cfg:3:" check ok.cfg wrong.cfg

# ---- importance sampling ---------------------------------------------------------------

cat > odds.cfg << 'E'
name = "odds"; steps = 200; seeds = 9; batch = 2;
sampling = "importance";
problems = ( { type = "logistic"; data = "synthetic"; n = 50; d = 4; domain = { type = "ball"; radius = 2; }; } );
optimizers = ( { type = "sgd"; } );
schedules = ( { type = "constant"; eta = 0.05; } );
E
lab check odds.cfg
exits "importance sampling checks" 0
has "it shows the probabilities" "$out" "importance  p_i from "
has "and the weights" "$out" "weights w_i = 1/(n p_i) up to "
has "constants say where they are from" "$out" "max w_i L_i, w_i = 1/(n p_i)"
narrow "all that fits 80 columns" "$out"
lab run odds.cfg -O odds1 -j 1 --no-plot -q --strict
exits "importance sampling runs, no bound is violated" 0
lab run odds.cfg -O odds4 -j 4 --no-plot -q
same "-j 4 gives the same as -j 1" odds1/odds odds4/odds
lab run odds1/odds/config.cfg -O odds2 --no-plot -q
same "and so does config.cfg" odds1/odds odds2/odds
for text in 'sampling = "importance";' 'importance = "smoothness";' 'importance_uniform = 0'; do
    has "config.cfg says $text" odds1/odds/config.cfg "$text"
done
lab run odds.cfg -o sampling=iid -O odds3 --no-plot -q
lacks "without it config.cfg says nothing of it" odds3/odds/config.cfg "importance"
refused "odds.cfg:3: problem 'p': importance = \"smoothness\" is not possible: nonsmooth" \
    run odds.cfg -o 'problems.[0].type=hinge' -o 'problems.[0].label=p' -O odds5
refused "odds.cfg:2: sampling = \"importance\" and batch = \"full\" exclude each other" run odds.cfg -o batch=full -O odds5
refused "importance_uniform needs sampling = \"importance\", but sampling is \"iid\"" \
    run odds.cfg -o sampling=iid -o importance_uniform=0.1 -O odds5
refused "the 2 probabilities sum to 0.9, not 1" run odds.cfg -o 'probabilities=[0.5,0.4]' -O odds5
refused "odds.cfg:3: problem 'p': probabilities has 2 numbers, but n = 50" \
    run odds.cfg -o 'probabilities=[0.5,0.5]' -o 'problems.[0].label=p' -O odds5
refused "probabilities and importance exclude each other" \
    run odds.cfg -o 'probabilities=[0.5,0.5]' -o importance=norm -O odds5
refused "keeps gradients of data points" run odds.cfg -o batch=1 -o 'optimizers.[0].type=saga' -O odds5
no "nothing was written" [ -e odds5 ]
lab run ok.cfg wrong.cfg -O wrong
no "nor for the valid one of two" [ -e wrong ]

for name in ../x "$work/abs" a/b '' . .. -x .hidden 'a b' $'a\nb' $'a\033[31mb' 'a;b' "$(printf 'a%.0s' {1..300})"; do
    printf 'name = "%s"; %s\n' "$name" "$rest" > named.cfg
    refused "named.cfg" run named.cfg -O named
done
no "no strange name made a folder" [ -e named -o -e x -o -e abs ]
no "no message carries control characters" grep -q $'\033' "$err"

config() { # text on stderr, config text
    printf '%s\n' "$2" > hostile.cfg
    refused "$1" run hostile.cfg -O hostile
}
refused "is a directory" run . -O hostile
refused "is not a regular file" run /dev/zero -O hostile
refused "is not a regular file" run /dev/stdin -O hostile
mkfifo fifo
refused "is not a regular file" run fifo -O hostile
truncate -s 100M huge.cfg
refused "too large" run huge.cfg -O hostile
rm huge.cfg
config "steps = 4294967296 is not in" "steps=4294967296; $rest"
config "has 64 bits" "steps=99999999999999999999; $rest"
config "has 64 bits" "seed=18446744073709551616; $rest"
config "not finite" "steps=inf; $rest"
config "not finite" "steps=nan; $rest"
config "too large for a number" "steps=1e999; $rest"
config "not finite" 'problems=({type="quadratic"; start=inf;}); optimizers=({type="sgd";}); schedules=({type="constant"; eta=0.1;});'
config "not in" "steps=-1; $rest"
config "2.7 is not a whole number" "steps=2.7; $rest"
config "steps is a list" "steps=[1,2]; $rest"
config "nested deeper" "a=$(printf '(%.0s' {1..50000})"
config "nested deeper" "$(printf 'a={%.0s' {1..20000})"
config "round in circles" '@include "hostile.cfg"'
config "not a regular file" '@include "/dev/zero"'
config "is a directory" '@include "/"'
config "No such file" '@include "nope.cfg"'
config "comment is never closed" "$rest /* "
config "string is never closed" "$rest title=\"a"
config "duplicate key" "seed=1; seed=2; $rest"
config "duplicate key" 'problems=({type="quadratic"; type="quadratic";}); optimizers=({type="sgd";}); schedules=({type="constant"; eta=0.1;});'
config "problems is missing" ''
config "longer than" "title=\"$(head -c 200000 /dev/zero | tr '\0' a)\"; $rest"
config "hostile.cfg:1" '= = = ;'
config "is not a group" 'problems=(1); optimizers=(2); schedules=(3);'
config "empty" 'problems=(); optimizers=(); schedules=();'
head -c 3000 /dev/urandom > hostile.cfg
refused "hostile.cfg:" run hostile.cfg -O hostile
printf 'name="a\0b"; %s' "$rest" > hostile.cfg
refused "NUL" run hostile.cfg -O hostile
cp "$lab" binary.cfg && truncate -s 200K binary.cfg
refused "binary.cfg:" run binary.cfg -O hostile
chmod 000 ok2.cfg
[ "$(id -u)" = 0 ] || refused "Permission denied" run ok2.cfg -O hostile
no "none of these made a folder" [ -e hostile ]

# ---- check -------------------------------------------------------------------------

before=$(find . | sort)
lab check ok.cfg
exits "lab check exits 0" 0
for text in "arm  problem" "1  quadratic" "facts of" "f_star" "analytic" "certified" "not applicable" "exact_quad_loss" "value at T" "eta_200"; do
    has "lab check prints $text" "$out" "$text"
done
is "lab check writes nothing" "$(find . | sort)" "$before"
printf '1,2,1\n2,1,1\n-1,-2,-1\n-2,-1,-1\n' > separable.csv
cat > separable.cfg << 'E'
name = "separable"; steps = 100; seeds = 4;
problems = ( { type = "logistic"; data = "separable.csv"; normalize = "none"; bias = false; } );
optimizers = ( { type = "sgd"; } );
schedules = ( { type = "constant"; eta = 0.1; } );
E
lab check separable.cfg
has "separable logistic regression has no minimiser" "$out" "minimiser"
has "and says that the data is separable" "$out" "separable"
refused "gap" check separable.cfg -o 'metrics=["gap"]'
has "with the reason" "$err" "separable"
lab run separable.cfg -O r --no-plot -q -o 'metrics=["loss"]'
exits "it runs all the same" 0
is "the bound that needs x_star is not applicable" "$(awk -F, '$2 == "seed_avg_regret" { print $4 "," $5 }' r/separable/verdicts.csv)" "not_applicable,-"
has "with that reason" <(grep '^1,seed_avg_regret,' r/separable/verdicts.csv) separable
mkdir elsewhere
(cd elsewhere && lab run ../r/separable/config.cfg -O ../r2 --no-plot -q)
same "config.cfg finds a relative data file from anywhere" r/separable r2/separable

# ---- divergence --------------------------------------------------------------------

lab run ok.cfg -O r --no-plot -o name=diverging -o 'problems.[0].eigenvalues=[100.0]' -o 'schedules.[0].eta=10'
exits "a run that diverges exits 0" 0
has "it is named on stderr" "$err" "diverged"
has "with step and learning rate" "$err" "(eta = 10)"
yes "with the step" grep -q 'at step [0-9]' "$err"
is "counted in the manifest" "$(grep -c '"replica":' r/diverging/manifest.json)" 4
has "with eta" r/diverging/manifest.json '"eta": 10'
json "its manifest is JSON" r/diverging/manifest.json
numbers "its numbers" r/diverging/curves.csv 3
is "all rows are there" "$(awk -F, '$2 == "gap" { t = $3 } END { print t }' r/diverging/curves.csv)" 200

# ---- figures -----------------------------------------------------------------------

PATH_BEFORE=$PATH
hide_gnuplot() { # a PATH with all but gnuplot
    mkdir -p bin
    for tool in timeout; do ln -sf "$(command -v $tool)" bin/; done
    PATH=$work/bin
}
hide_gnuplot
lab run ok.cfg -O nogp
PATH=$PATH_BEFORE
exits "without gnuplot a run exits 1" 1
has "and says how to install it" "$err" "apt-get install gnuplot"
for file in config.cfg curves.csv bounds.csv verdicts.csv rates.csv manifest.json; do
    yes "without gnuplot $file is there" [ -s nogp/ok/$file ]
done
yes "without gnuplot the scripts are there" there 'nogp/ok/figures/*.gp'
is "without gnuplot nothing half-made stays" "$(temporaries nogp/ok)" 0
refused_run() { lab plot "$1"; exits "lab plot $1 exits 1" 1; has "lab plot $1 says why" "$err" "$2"; }
refused_run nonexistent "nonexistent"
mkdir -p empty
refused_run empty "no finished run"
refused_run ok.cfg "ok.cfg"
mkdir -p broken && echo '{"config_hash": ' > broken/manifest.json
refused_run broken "broken/manifest.json"
echo '[]' > broken/manifest.json
refused_run broken "not a manifest"
echo '{"config_hash": "x", "plots": 5, "arms": "a"}' > broken/manifest.json
lab plot broken
yes "lab plot survives a strange manifest" [ $status -le 1 ]
if [ -z "$gnuplot" ]; then
    skip "figures: gnuplot is not installed"
else
    lab plot nogp/ok
    exits "lab plot draws them later" 0
    yes "each path it prints is a figure" test -s "$(head -1 "$out")"
    is "as many as scripts" "$(wc -l < "$out")" "$(ls nogp/ok/figures/*.gp | wc -l)"
    has "an SVG" "$(head -1 "$out")" "<svg"
    lab plot nogp/ok --format png
    is "a PNG" "$(head -c 4 "$(head -1 "$out")" | tail -c 3)" PNG
    lab plot --format pdf nogp/ok
    is "a PDF" "$(head -c 4 "$(head -1 "$out")")" %PDF
    is "no scratch folder stays" "$(temporaries nogp/ok)" 0
    for option in --show --format=txt; do
        lab plot nogp/ok $option
        exits "lab plot $option exits 0" 0
        narrow "lab plot $option fits 80 columns" "$out"
        yes "lab plot $option draws" [ "$(wc -l < "$out")" -gt 15 ]
    done
    cp -r nogp/ok/figures alone
    (cd alone && rm -f -- *.svg *.png *.pdf && for script in *.gp; do gnuplot "$script" > /dev/null 2>&1; done)
    yes "a script draws without lab" there 'alone/*.pdf'

    cat > evil.cfg << 'E'
name = "evil"; steps = 30; seeds = 3;
title = "`touch canary1` $(touch canary2) \"; system('touch canary3'); print \" %s %n @x {/Symbol a} ^2_1 \\ ' # \n end";
problems = ( { type = "quadratic"; label = "'; system(\"touch canary4\") \n !touch canary5 \n p"; eigenvalues = [1.0];
               noise = { sigma = 0.1; }; } );
optimizers = ( { type = "sgd"; label = "|touch canary6 \x1b[31m"; } );
schedules = ( { type = "constant"; eta = [0.1, 0.2]; label = "`touch canary7`\";\nsystem 'touch canary8'\n"; } );
E
    lab run evil.cfg -O r
    exits "hostile titles and labels run" 0
    is "nothing of them is executed" "$(find . "$here" -name 'canary*' -not -path '*/.git/*' | wc -l)" 0
    yes "figures come out" there 'r/evil/figures/*.svg'
    no "no control character on stdout" grep -q $'\033' "$out"
    no "nor in a script" grep -q $'\033' r/evil/figures/*.gp
    json "the manifest is JSON" r/evil/manifest.json
    lab run r/evil/config.cfg -O r2 --no-plot -q
    same "config.cfg gives the same run" r/evil r2/evil
    lab run ok.cfg -O r --no-plot -o name=plots -o 'plots=({metric="gap"; x="linear";},{metric="dist2";})' -q
    lab plot r/plots
    is "plots = ... draws those only" "$(sed 's|.*/||; s/[-_.].*//' "$out" | sort -u | tr '\n' ' ')" "dist2 gap "

    lab run cost.cfg -O r --no-plot -q --force -o 'plots=({metric="gap"; against="evaluations";})'
    lab plot r/cost
    is "against = evaluations is a figure of its own" "$(sed 's|.*/||' "$out" | head -1)" "gap_by_evaluations-1.svg"
    has "with another axis" r/cost/figures/gap_by_evaluations-2.svg "gradient evaluations (single samples)"
    is "for which evaluations are measured" "$(grep -c '^3,evaluations,' r/cost/curves.csv)" "$(grep -c '^3,gap,' r/cost/curves.csv)"
    lab run r/cost/config.cfg -O r2 --no-plot -q --force
    same "config.cfg with against gives the same run" r/cost r2/cost
    lab run cost.cfg -O r --no-plot -q --force
    no "figures of a run before are gone" there 'r/cost/figures/*by*'
    refused 'against = "x" is not one of t, evaluations' run cost.cfg -o 'plots=({metric="gap"; against="x";})'
fi

# ---- output that cannot be written ------------------------------------------------------

touch file
lab run ok.cfg -O file --no-plot
exits "an output folder under a file exits 1" 1
has "with its path" "$err" "file"
lab run ok.cfg -O /proc/nope --no-plot
exits "a folder that cannot be made exits 1" 1
has "with its path" "$err" "/proc/nope"
if [ -w /dev/full ]; then
    "$lab" list > /dev/full 2> "$err"
    status=$?
    exits "lab list > /dev/full exits 1" 1
    has "and says why" "$err" "No space left"
    "$lab" run ok.cfg -O full --no-plot > /dev/full 2> "$err"
    status=$?
    exits "lab run > /dev/full exits 1" 1
    yes "but its results are complete" [ -s full/ok/manifest.json ]
fi
"$lab" list >&- 2> "$err"
status=$?
exits "lab list >&- exits 1" 1
"$lab" run ok.cfg -O closed --no-plot >&- 2> "$err" < /dev/null
status=$?
exits "lab run >&- exits 1" 1
is "a closed stdout puts no report into results" "$(cat closed/ok/* 2> /dev/null | grep -c 'facts of')" 0
"$lab" run ok.cfg -O closed2 --no-plot -q 2>&- > /dev/null
yes "a closed stderr is no harm" cmp -s closed2/ok/curves.csv full/ok/curves.csv
set -o pipefail
"$lab" list 2> "$err" | true
status=$?
set +o pipefail
yes "lab list | true ends without a signal" [ $status -le 1 ]

tiny() { # a file system of so many bytes; false where that is not allowed
    mkdir -p "$1" && [ "$(id -u)" = 0 ] && mount -t tmpfs -o "size=$2" tmpfs "$1" 2> /dev/null && mounted+=("$work/$1")
}
if tiny disk 300k; then
    lab run ok.cfg -O disk --no-plot -q -o checkpoints=5
    exits "a small run fits a small disk" 0
    before=$(snapshot disk/ok)
    lab run ok.cfg -O disk --no-plot -q --force -o raw=true -o seeds=100 -o 'bounds=("const_step_avg")'
    exits "a large one does not: exit 1" 1
    has "with path and reason" "$err" "cannot write disk/ok/replicas.csv: No space left on device"
    is "the earlier results are untouched" "$(snapshot disk/ok)" "$before"
    lab run ok.cfg -O disk --no-plot -q -o name=fresh -o raw=true -o seeds=100
    exits "nor a new one: exit 1" 1
    is "and leaves no file behind" "$(find disk/fresh -type f | wc -l)" 0
    if [ -n "$gnuplot" ]; then
        free=$(($(df --output=avail -k disk | tail -1) - 4))
        head -c ${free}K /dev/zero > disk/filler
        lab plot disk/ok
        exits "figures on a full disk: exit 1" 1
        is "no half-made figure" "$(find disk/ok/figures -name '*.svg' -size -2 2> /dev/null | wc -l)" 0
        is "nor a scratch folder" "$(temporaries disk/ok)" 0
    fi
    mount -o remount,ro "$work/disk"
    lab run ok.cfg -O disk --no-plot -q --force
    exits "a read-only disk: exit 1" 1
    has "with path and reason" "$err" "Read-only file system"
    lab run ok.cfg -O disk -q --no-plot -o checkpoints=5
    exits "an identical run there is nothing to write" 0
else
    skip "full and read-only disk: no right to mount one"
fi
if [ "$(id -u)" != 0 ]; then
    mkdir locked && chmod 555 locked
    lab run ok.cfg -O locked --no-plot
    exits "a read-only folder exits 1" 1
fi

# ---- interrupted ---------------------------------------------------------------------

lab run ok.cfg -O cut --no-plot -q
before=$(snapshot cut/ok)
long=(run ok.cfg -O cut --no-plot --force -o steps=100000 -o seeds=20000 -o raw=true)
for signal in INT TERM; do
    timeout --foreground -s $signal --preserve-status 1 "$lab" "${long[@]}" > "$out" 2> "$err"
    status=$?
    exits "SIG$signal exits 1" 1
    has "SIG$signal is answered" "$err" "interrupted"
    is "SIG$signal leaves the earlier results intact" "$(snapshot cut/ok)" "$before"
done
{ timeout -s KILL 1 "$lab" "${long[@]}" > "$out" 2>&1; } 2> /dev/null
is "kill -9 while running leaves them, too" "$(snapshot cut/ok)" "$before"
complete() { # no manifest, or all files of one run
    [ ! -e "$1/manifest.json" ] && return
    local file
    for file in config.cfg curves.csv bounds.csv verdicts.csv rates.csv replicas.csv; do
        [ -s "$1/$file" ] || return 1
        [ "$(tail -c 1 "$1/$file" | od -An -c | tr -d ' ')" = '\n' ] || return 1
    done
    [ "$(sed -n 's/^seed = \(.*\);/\1/p' "$1/config.cfg")" = "$(sed -n 's/^ *"seed": \(.*\),/\1/p' "$1/manifest.json")" ]
}
lab run ok.cfg -O kill --force -q --no-plot -o raw=true -o seeds=200
torn=0 whole=$ms
for i in $(seq 12); do # most of the time goes into writing
    printf -v delay '0.%03d' $((whole * (i + 2) / 13))
    { timeout -s KILL "$delay" "$lab" run ok.cfg -O kill --force -q --no-plot -o raw=true \
        -o seeds=200 -o "seed=$i" > /dev/null 2>&1; } 2> /dev/null
    complete kill/ok || torn="seed $i"
done
is "kill -9 at any moment: no manifest or a complete set" "$torn" 0
lab run ok.cfg -O kill --force -q --no-plot -o raw=true -o seeds=200
exits "and the next run succeeds" 0
is "and sweeps up" "$(temporaries kill/ok)" 0
if command -v flock > /dev/null; then
    flock kill/ok "$lab" run ok.cfg -O kill --force -q --no-plot > "$out" 2> "$err"
    status=$?
    exits "a folder in use exits 1" 1
    has "and says so" "$err" "another lab"
else
    skip "a folder in use: no flock"
fi

# ---- it must not lie: what reviewers once made it say ---------------------------------

sgd='optimizers = ( { type = "sgd"; } ); schedules = ( { type = "constant"; eta = 0.5; } );'
verdict() { # bound and metric of arm 1 of a run
    awk -F, -v b="$2" -v m="$3" '$1 == 1 && $2 == b && $3 == m { print $5 }' "lie/$1/verdicts.csv"
}

# No threshold separates these, but beyond 0 only one class is left: no minimiser.
printf -- '-1,-1\n-2,-1\n0,-1\n0,1\n1,1\n3,1\n' > quasi.csv
echo "steps = 5; seeds = 2; problems = ( { type = \"logistic\"; data = \"./quasi.csv\";
      normalize = \"none\"; } ); $sgd" > quasi.cfg
lab check quasi.cfg
has "quasi-separable data has no x_star" "$out" "quasi-separable"
is "and no bound is certified but those that need no x_star" \
    "$(sed -n '/^  certified/,/^  not applicable/p' "$out" | awk '/^  [a-z]/ { print $1 }' | sort | tr '\n' ' ')" \
    "certified nonconvex_grad_const nonconvex_grad_weighted not "

# An equality without noise: only rounding is between the two sides.
for spectrum in '[1.0, 0.0]; rotate = true' '[1.0, 1e-9]; rotate = true' '[2.0, 0.7]; rotate = false'; do
    echo "name = \"equal\"; steps = 500; seeds = 2; problems = ( { type = \"quadratic\";
          eigenvalues = $spectrum; start = [1.0, 1.0]; } ); optimizers = ( { type = \"sgd\"; } );
          schedules = ( { type = \"constant\"; eta = 0.714285714; } );" > equal.cfg
    lab run equal.cfg -O lie --force --no-plot -q --strict
    exits "eigenvalues $spectrum: no violation by rounding" 0
    is "and the equality holds" "$(verdict equal exact_quad_loss gap)" holds
done

# Every iterate is x_star: the gap is what rounding leaves of f - f*.
echo 'name = "still"; steps = 100; seeds = 4; problems = ( { type = "l1_regression"; data = "wine";
      max_row_norm = 1e-8; domain = { type = "box"; lower = 0.1; upper = 0.1; }; } );
      optimizers = ( { type = "sgd"; } ); schedules = ( { type = "constant"; eta = 1.0; } );' > still.cfg
lab run still.cfg -O lie --no-plot -q --strict
exits "a domain of one point: no violation by rounding" 0

# Few seeds of one squared Gaussian, the most skewed case: a true equality must not fail.
echo 'name = "few"; steps = 2; bounds = ( "exact_quad_loss" ); problems = ( { type = "quadratic";
      eigenvalues = [1.0]; start = [0.0]; noise = { sigma = 1.0; }; } ); optimizers = ( { type = "sgd"; } );
      schedules = ( { type = "constant"; eta = 0.5; } );' > few.cfg
wrong=0
for seed in $(seq 20); do
    lab run few.cfg -O lie --force --no-plot -q -o seeds=4 -o seed="$seed"
    [ "$(verdict few exact_quad_loss gap)" = violated ] && wrong=$((wrong + 1))
done
is "four seeds refute no true equality" $wrong 0
lab run few.cfg -O lie --force --no-plot -q -o seeds=1000
is "a thousand confirm it" "$(verdict few exact_quad_loss gap)" holds

# |x|, the example of every course: f* = 0, a kink at x_star.
printf '1,0\n' > abs.csv
echo "name = \"abs\"; steps = 50; seeds = 1; problems = ( { type = \"l1_regression\"; data = \"./abs.csv\";
      normalize = \"none\"; bias = false; start = [10.0]; } ); $sgd" > abs.cfg
lab run abs.cfg -O lie --no-plot -q --strict
exits "|x| from 10" 0
is "and its bound holds" "$(verdict abs const_step_avg avg_regret)" holds

lab bound seed_avg_regret R=2 G=1 eta=0.5,1
exits "a formula can be had for steps its theorem forbids" 0
has "but not unsaid" "$err" "eta_2 = 1 after 0.5"

# ---- the terminal ------------------------------------------------------------------

if command -v script > /dev/null && script -qec true /dev/null < /dev/null > /dev/null 2>&1; then
    terminal() { TERM=xterm script -qec "stty cols 80; $1" /dev/null < /dev/null; }
    lab_in_shell=$(printf '%q' "$lab") # its path may have blanks
    terminal "$lab_in_shell check ok.cfg" > "$out"
    has "a terminal gets bold headings" "$out" $'\033[1m'
    NO_COLOR=1 terminal "$lab_in_shell check ok.cfg" > "$out"
    lacks "not with NO_COLOR" "$out" $'\033['
else
    skip "colours: no script"
fi
lab check ok.cfg
lacks "a pipe gets none" "$out" $'\033'

echo "$passed passed, $failed failed"
[ $failed = 0 ]
