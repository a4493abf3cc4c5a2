# make lint, fuzz, torture and test-more: what needs more packages or more time than `make test`.
more_packages := $(packages) clang clang-tidy libclang-rt-dev shellcheck mandoc desktop-file-utils \
	alacritty kitty konsole xfce4-terminal mate-terminal sakura mlterm gnome-terminal terminator \
	tilix dbus libgl1-mesa-dri \
	openssh-server openssh-client openssl stunnel4 haproxy iproute2 systemd dpkg

.PHONY: more-packages
more-packages:
	@tests/tools/install_packages $(more_packages)

# The commands that compile each source, for clang-tidy, and for editors (clangd looks here).
linted := $(sources) $(wildcard tests/*/*.cc)
build/compile_commands.json: Makefile tests/more.mk tests/tools/compile_commands
	@mkdir -p $(@D)
	@tests/tools/compile_commands $(linted) -- clang++ -std=c++20 -I. $(warnings) \
		-DTALK_BIN='"$(abspath $(bin))"' >$@

.PHONY: lint
lint: more-packages build/compile_commands.json
	tests/tools/lint $(linted)

# One program for each entry of tests/fuzz/: libFuzzer drives it, from the corpus in the tree.
seconds ?= 60
fuzz_names := $(filter-out corpus_test,$(patsubst tests/fuzz/%.cc,%,$(wildcard tests/fuzz/*.cc)))
fuzz_programs := $(fuzz_names:%=$(build)/tests/fuzz/%)
fuzz_variant := CXX=clang++ sanitize=fuzzer,address,undefined

$(fuzz_programs): %: %.o $(library)
	@echo 'LD $@'; $(link) $^ -lncursesw -ltinfo -o $@

.PHONY: fuzz fuzz-programs
fuzz: more-packages
	$(MAKE) -j$(shell nproc) $(fuzz_variant) fuzz-programs
	tests/tools/fuzz $(seconds) $(patsubst %,build/clang++-fuzzer-address-undefined/tests/fuzz/%,$(fuzz_names))

fuzz-programs: $(fuzz_programs)

# In `make test` the same entries are functions, one beside the other in one program.
ifeq ($(findstring fuzzer,$(sanitize)),)
$(build)/tests/fuzz/%.o: compile += -DLLVMFuzzerTestOneInput=fuzz_$(*F)
endif

# Random kills, cuts, full disks, stopped processes and hostile visitors against all services.
minutes ?= 10
.PHONY: torture
torture: packages
	$(MAKE) -j$(shell nproc) all
	tests/torture/torture.py --minutes $(minutes) $(bin)

# Mutated sessions under the sanitizers, so many a role.
sessions ?= 10000
.PHONY: mutate
mutate: packages
	$(MAKE) -j$(shell nproc) sanitize=address,undefined build/$(compiler)-address-undefined/tests/model_tests
	TALK_SESSIONS=$(sessions) tests/tools/run_tests build/$(compiler)-address-undefined/tests/model_tests

# A talk whose link is cut at every STEP-th byte, and ROUNDS talks that are cut at random.
step ?= 1
rounds ?= 2000
.PHONY: cuts
cuts: packages
	$(MAKE) -j$(shell nproc) $(build)/tests/model_tests
	TALK_CUT_STEP=$(step) TALK_CUT_ROUNDS=$(rounds) $(build)/tests/model_tests --gtest_filter='CutTalkTest.*'

# Right and wrong programs before the clinic, many at a time: they wait nearly all of their time.
.PHONY: clinic
clinic: packages
	$(MAKE) -j$(shell nproc) all $(build)/tests/clinic_tests
	TALK_TEST_JOBS=12 tests/tools/run_tests $(build)/tests/clinic_tests

# Continuous integration's third part: the linters, the fuzzers for a while, many mutated sessions,
# the whole built by clang, the heavy terminals, and other people's programs before and behind Talk.
# What takes longest comes last: clang-tidy, which looks at the programs here and not at their tests.
more_suites := $(foreach suite,unit fuzz model,build/clang++-release/tests/$(suite)_tests)
more_tests := $(foreach suite,terminals services_more clinic,$(build)/tests/$(suite)_tests)
.PHONY: test-more
test-more: more-packages build/compile_commands.json
	tests/tools/lint
	$(MAKE) fuzz seconds=5
	$(MAKE) mutate
	$(MAKE) -j$(shell nproc) CXX=clang++ all $(more_suites)
	tests/tools/run_tests $(more_suites)
	$(MAKE) -j$(shell nproc) all $(more_tests)
	tests/tools/run_tests $(filter-out %/clinic_tests,$(more_tests))
	$(MAKE) clinic
	tests/tools/lint $(sources)
