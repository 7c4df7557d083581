# lockdrill. One Makefile; everything built goes below build/, one directory a flavour of flags. `make help` lists the
# targets. The first half is what people call; each of those targets sets the machine up (ci/setup, which does
# nothing when nothing is missing) and calls make again for the second half, where libraries are found by pkg-config.
#
# V=1 shows the commands. local.mk, if there is one, holds personal settings: CC, CLANG, CFLAGS, LDFLAGS, JOBS; with flags
# of your own also FLAVOUR, a name for the directory that they build in. SETUP=: builds with what is there, as packages do.

.DEFAULT_GOAL := help
.SUFFIXES:
.DELETE_ON_ERROR:
-include local.mk

PREFIX ?= /usr/local
SETUP ?= ci/setup
SECS ?= 60
JOBS ?= 2
FLAVOUR ?= gcc
CLANG ?= clang-14
ifeq ($(origin CC),default)
CC := gcc
endif
CC_FOR_BUILD ?= $(CC)
B := build/$(FLAVOUR)
INSTALLED = $(DESTDIR)$(PREFIX)
Q := $(if $(V),,@)
# Expanded in recipes only, where MAKEFLAGS says whether the caller chose a number of jobs.
QUIETLY = --no-print-directory $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(JOBS))

ifneq ($(shell [ "$(JOBS)" -ge 1 ] 2>&1 && echo ok),ok)
$(error JOBS=$(JOBS) is no number of jobs from 1 on)
endif
ifneq ($(filter install uninstall,$(MAKECMDGOALS)),)
ifneq ($(words x$(PREFIX) x$(DESTDIR)),2)
$(error PREFIX and DESTDIR have no blanks)
endif
ifeq ($(filter /%,$(PREFIX)),)
$(error PREFIX=$(PREFIX) is no absolute path)
endif
endif

# ---- what people call -------------------------------------------------------------------------------------------------

.PHONY: help setup build score table test test-long cover verify core bench leaks fuzz asan tidy install uninstall clean \
	dist deb rpm container sbom

help: ## list the targets
	@echo 'lockdrill: make score runs the checkers on the standard level, make test runs the tests.'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' Makefile | expand -t 14

setup:
	@$(SETUP)

build: setup ## make build/lockdrill
	@$(MAKE) $(QUIETLY) build/lockdrill

score: build ## score the checkers that are here on the standard level; CHECKERS=all: all of them
ifeq ($(CHECKERS),all)
	@sh ci/score_all.sh $(JOBS)
else
	@rm -f build/score.db build/score.db-wal build/score.db-shm
	@build/lockdrill run --level standard --db build/score.db -j $(JOBS); ran=$$?; \
		[ $$ran -gt 1 ] || build/lockdrill score build/score.db; exit $$ran
endif

table: build ## write the manual's table of checkers from the answers of make score CHECKERS=all
	@sh ci/comparison.sh

test: setup ## run all tests, with gcc and clang
	@CLANG='$(CLANG)' JOBS=$(JOBS) ci/test.sh $(MAKE) $(QUIETLY)

test-long: setup ## run what takes longer than make test
	@CLANG='$(CLANG)' JOBS=$(JOBS) ci/test.sh --long $(MAKE) $(QUIETLY)

cover: setup ## print the line coverage of unit and shell tests together
	@ci/cover.sh $(MAKE) $(QUIETLY)

verify: build ## all three roads over the standard level and the small spaces
	@ci/verify.sh

# `git diff suite` shows what changed; suite/CHANGELOG.md or suite/ERRATA.md has to say why. smoke is chosen twice: from a
# standard level that does not hold it, since its old pairs may be none any more, and then from one that does.
# The plan of standard lists what was drawn.
core: build ## choose the smoke level, write the core cases, plan and manifest of the standard level anew
	@rm -rf build/core build/choose
	@mkdir -p build/choose/levels
	@sed '/^chosen:/d' suite/levels/standard.yaml > build/choose/levels/standard.yaml
	@build/lockdrill choose --data build/choose > build/choose/smoke.tsv
	@cp build/choose/smoke.tsv suite/levels/smoke.tsv
	@$(MAKE) $(QUIETLY) build/lockdrill
	@build/lockdrill choose > build/choose/smoke.tsv
	@cp build/choose/smoke.tsv suite/levels/smoke.tsv
	@$(MAKE) $(QUIETLY) build/lockdrill
	@build/lockdrill plan --level standard > build/choose/standard.plan
	@cp build/choose/standard.plan suite/levels/standard.plan
	@$(MAKE) $(QUIETLY) build/lockdrill
	@build/lockdrill core --data suite --out build/core
	@build/lockdrill manifest --level standard > build/MANIFEST
	@rm -rf suite/core/*/
	@cp -R build/core/. suite/core
	@cp build/MANIFEST suite/MANIFEST

bench: build ## print the speeds against the budgets
	@$(MAKE) $(QUIETLY) $(B)/bench
	@$(B)/bench
	@$(MAKE) $(QUIETLY) $(B)/bench_store
	@sh ci/bench_store.sh $(B)/bench_store
	@sh ci/bench_run.sh
	@$(MAKE) $(QUIETLY) build/roads/fuzz_roads FLAVOUR=roads
	@$(MAKE) $(QUIETLY) build/fault/fuzz_roads FLAVOUR=fault
	@ci/bench_roads.sh

leaks: build ## ask whether the standard level's verdicts can be guessed from its looks
	@$(MAKE) $(QUIETLY) $(B)/leaks
	@build/lockdrill gen --level standard --out build/leaks-level
	@$(B)/leaks build/leaks-level

fuzz: setup ## run each fuzz target SECS seconds
	@$(MAKE) $(QUIETLY) fuzzers FLAVOUR=fuzz
	@ci/fuzz.sh $(SECS)

asan: setup ## run the tests under AddressSanitizer and UndefinedBehaviorSanitizer
	@$(MAKE) $(QUIETLY) check FLAVOUR=asan WERROR=-Werror

tidy: setup ## check the layout with clang-format and the code with clang-tidy
	@$(MAKE) $(QUIETLY) -k layout lint

install: build ## install below $(DESTDIR)$(PREFIX)
	@install -d $(INSTALLED)/bin $(INSTALLED)/include/lockdrill $(INSTALLED)/lib/pkgconfig $(INSTALLED)/share/lockdrill \
		$(INSTALLED)/share/doc/lockdrill
	@install -m 755 build/lockdrill $(INSTALLED)/bin/lockdrill
	@install -m 644 include/lockdrill/checker.h $(INSTALLED)/include/lockdrill/
	@install -m 644 include/lockdrill/*.schema.json $(INSTALLED)/share/lockdrill/
	@for file in $(filter rules/% templates/% world/% adapters/%,$(DATA)); do install -D -m 644 "$${file#*=}" "$(INSTALLED)/share/lockdrill/$${file%%=*}" || exit 1; done
	@cd oracle/examples && for file in * */*; do \
		[ ! -f "$$file" ] || { mode=644; [ ! -x "$$file" ] || mode=755; \
			install -D -m $$mode "$$file" "$(abspath $(INSTALLED))/share/lockdrill/examples/$$file"; } || exit 1; done
	@install -m 644 README.md LICENSE $(INSTALLED)/share/doc/lockdrill/
	@rm -rf build/document && build/lockdrill document build/document
	@cd build/document && for file in man1/*.1 man7/*.7; do \
		[ ! -e "$$file" ] || install -D -m 644 "$$file" "$(abspath $(INSTALLED))/share/man/$$file" || exit 1; done
	@install -D -m 644 build/document/completions/lockdrill $(INSTALLED)/share/bash-completion/completions/lockdrill
	@for page in $(wildcard suite/manual/*.md suite/manual/*.svg); do \
		install -D -m 644 $$page $(INSTALLED)/share/doc/lockdrill/manual/$${page##*/} || exit 1; done
	@install -m 644 include/world/LICENSE $(INSTALLED)/share/doc/lockdrill/LICENSE.cases
	@version=$$(sed -n 's|^#define LOCKDRILL_VERSION "\(.*\)"|\1|p' include/gen/version.h) && \
		sed 's|@prefix@|$(PREFIX)|; s|@version@|'"$$version"'|' templates/lockdrill.pc.in > build/lockdrill.pc
	@install -m 644 build/lockdrill.pc $(INSTALLED)/lib/pkgconfig/lockdrill.pc

uninstall: ## remove what install put there
	@rm -f $(INSTALLED)/bin/lockdrill $(INSTALLED)/lib/pkgconfig/lockdrill.pc \
		$(INSTALLED)/share/bash-completion/completions/lockdrill \
		$(INSTALLED)/share/man/man1/lockdrill.1 $(INSTALLED)/share/man/man1/lockdrill-*.1 \
		$(INSTALLED)/share/man/man7/lockdrill-*.7
	@rm -rf $(INSTALLED)/share/doc/lockdrill $(INSTALLED)/share/lockdrill $(INSTALLED)/include/lockdrill

dist: ## make the source tarball, below build/package
	@sh ci/package.sh dist

deb: setup ## make the Debian packages, of the last commit
	@sh ci/package.sh deb

rpm: setup ## make the RPM packages, of the last commit
	@sh ci/package.sh rpm

container: setup ## make the container image, of the last commit
	@sh ci/package.sh container

sbom: build ## list what build/lockdrill is linked with (SPDX)
	@sh ci/package.sh sbom

clean: ## remove everything built
	@rm -rf build

# ---- how it is made ---------------------------------------------------------------------------------------------------

COMPILER := $(if $(filter clang asan fuzz roads fault,$(FLAVOUR)),$(CLANG),$(CC))
PACKAGES := yaml-0.1 jansson sqlite3 libpcre2-8 libxxhash expat nettle
FLAGS_asan := -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
FLAGS_fuzz := -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
# For long runs of fuzz_roads, which look for wrong verdicts and are led by the meaning of a case, not by our code. fault: with
# an error put in, to see how soon it is found.
FLAGS_roads := -O2
FLAGS_fault := -O2 -DROADS_FAULT
FLAGS_cover := -O0 --coverage
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wundef -Wvla -Wformat=2 -Wstrict-prototypes \
	-Wmissing-prototypes -Wwrite-strings -Wcast-qual -Wswitch-enum -Wimplicit-fallthrough \
	-Wconversion -Wno-sign-conversion
# Criterion's macros do not keep to these.
TEST_WARNINGS := -Wno-missing-prototypes -Wno-conversion -Wno-pedantic
# Each layer sees its own contracts and those below it, so that one that reaches upwards does not compile. Tests and fuzz targets
# see all, and the private headers of their module.
SEES_gen := -Iinclude/gen
SEES_oracle := $(SEES_gen) -Iinclude/oracle
SEES_suite := $(SEES_oracle) -Iinclude/suite
SEES_ci := $(SEES_suite)
sees = $(if $(findstring /test/,$1)$(findstring /fuzz/,$1),$(SEES_suite) -I$(dir $1)..,$(SEES_$(firstword $(subst /, ,$1))))
# Line tables serve backtraces and profiles, and compile a sixth faster; CFLAGS=-g for a debugger.
DEBUG_asan := -g
DEBUG_fuzz := -g
BASE := -std=c11 -D_POSIX_C_SOURCE=200809L $(or $(DEBUG_$(FLAVOUR)),-g1) $(or $(FLAGS_$(FLAVOUR)),-O2) -MMD -MP $(CPPFLAGS) $(CFLAGS)
# Asked of pkg-config when a recipe runs, and not before: setup may have to install it first. What each object needs is asked once.
LIBRARY_FLAGS = $$(cat $(B)/library-flags)
LIBRARIES = $$(pkg-config --libs $(PACKAGES)) -ltcc -lbz2 -ldl -lpthread -lm -Wl,-z,noexecstack $(LDFLAGS)

SOURCES := $(filter-out gen/base/embed.c suite/command/main.c $(wildcard suite/leaks/*.c),$(filter-out oracle/examples/%,$(wildcard gen/*/*.c oracle/*/*.c suite/*/*.c)))
OBJECTS := $(SOURCES:%.c=$(B)/%.o) $(B)/embedded.o
TEST_OBJECTS := $(patsubst %.c,$(B)/%.o,$(wildcard gen/*/test/*.c oracle/*/test/*.c suite/*/test/*.c))
FUZZ_SOURCES := $(wildcard gen/*/fuzz/fuzz_*.c oracle/*/fuzz/fuzz_*.c suite/*/fuzz/fuzz_*.c)
FUZZERS := $(patsubst %.c,$(B)/%,$(notdir $(FUZZ_SOURCES)))

# Data files as NAME=PATH, the name as data.h says.
DATA_FILES := $(sort $(wildcard suite/rules/*.yaml suite/levels/* suite/corpus/* suite/core/cases.txt suite/manual/*.md templates/*/*.c templates/*/*.yaml templates/*/project/* templates/*/tasks/* templates/report/* templates/book/* include/world/LICENSE include/world/*/*/* CITATION.cff oracle/adapters/*.yaml oracle/recorded/*.txt))
DATA := $(foreach f,$(DATA_FILES),$(patsubst oracle/%,%,$(patsubst suite/%,%,$(patsubst include/%,%,$(f))))=$(f))

# Compared, not dated: the flavour may have changed.
build/lockdrill: $(B)/lockdrill FORCE
	$(Q)cmp -s $< $@ || cp $< $@

$(B)/lockdrill: $(B)/suite/command/main.o $(B)/liblockdrill.a
	$(Q)$(COMPILER) $(filter -fsanitize% --coverage,$(BASE)) -o $@ $^ $(LIBRARIES)

$(B)/liblockdrill.a: $(OBJECTS)
	$(Q)rm -f $@.$$$$ && ar qc $@.$$$$ $^ && mv -f $@.$$$$ $@

$(B)/embed: gen/base/embed.c
	$(Q)mkdir -p $(@D)
	$(Q)$(CC_FOR_BUILD) -std=c11 -O1 -o $@ $<

# The list of files is a prerequisite too, so that one that is removed is noticed.
$(B)/data.list: FORCE
	$(Q)mkdir -p $(@D)
	$(Q)echo '$(DATA)' | cmp -s - $@ || echo '$(DATA)' > $@

$(B)/embedded.c: $(B)/embed $(B)/data.list $(DATA_FILES)
	$(Q)$(B)/embed $@ $(DATA)

$(B)/embedded.o: $(B)/embedded.c
	$(Q)$(COMPILER) $(BASE) -Igen/base -c -o $@ $<

$(B)/library-flags: FORCE
	$(Q)mkdir -p $(@D)
	$(Q)pkg-config --cflags $(PACKAGES) | sed 's/-I/-isystem /g' > $@

$(B)/%.o: %.c | $(B)/library-flags
	$(Q)mkdir -p $(@D)
	$(Q)$(COMPILER) $(BASE) $(call sees,$<) $(WARNINGS) $(if $(findstring /test/,$<),$(TEST_WARNINGS)) $(WERROR) \
		$(LIBRARY_FLAGS) -c -o $@ $<

$(B)/tests: $(TEST_OBJECTS) $(B)/liblockdrill.a
	$(Q)$(COMPILER) $(filter -fsanitize% --coverage,$(BASE)) -o $@ $^ $(LIBRARIES) $$(pkg-config --libs criterion)

$(B)/bench: $(B)/ci/bench.o $(B)/liblockdrill.a
	$(Q)$(COMPILER) -o $@ $^ $(LIBRARIES)

$(B)/bench_store: $(B)/ci/bench_store.o $(B)/liblockdrill.a
	$(Q)$(COMPILER) -o $@ $^ $(LIBRARIES)

$(B)/leaks: $(patsubst %.c,$(B)/%.o,$(wildcard suite/leaks/*.c)) $(B)/liblockdrill.a
	$(Q)$(COMPILER) -o $@ $^ $(LIBRARIES)

$(B)/promote: $(B)/ci/promote.o $(B)/liblockdrill.a
	$(Q)$(COMPILER) $(filter -fsanitize% --coverage,$(BASE)) -o $@ $^ $(LIBRARIES)

$(B)/exercises: $(B)/ci/exercises.o $(B)/liblockdrill.a
	$(Q)$(COMPILER) $(filter -fsanitize% --coverage,$(BASE)) -o $@ $^ $(LIBRARIES)

LINK_FUZZER = $(Q)$(COMPILER) $(BASE) $(call sees,$<) -fsanitize=fuzzer -o $@ $(filter %.c %.a,$^) $(LIBRARIES)

# One rule a target, since a target's source stands in its module.
define FUZZER_RULE
$(B)/$(notdir $(basename $1)): $1 $(B)/liblockdrill.a
	$$(LINK_FUZZER)

endef
$(foreach source,$(FUZZ_SOURCES),$(eval $(call FUZZER_RULE,$(source))))

# Holds the parser against the schema.
$(B)/fuzz_protocol: oracle/checker/test/schema.c

.PHONY: check fuzzers layout lint FORCE
FORCE:

fuzzers: $(FUZZERS)

check: $(B)/lockdrill $(B)/tests
	@echo "tests, $(FLAVOUR):"
	$(Q)ASAN_OPTIONS=detect_leaks=1 LSAN_OPTIONS=suppressions=ci/lsan.txt:print_suppressions=0 LOCKDRILL=$(B)/lockdrill $(B)/tests -j $(JOBS)

layout:
	@mkdir -p build; failed=0; \
	for file in $(wildcard gen/*/*.[ch] oracle/*/*.[ch] suite/*/*.[ch] */*/test/*.[ch] */*/fuzz/*.[ch] ci/*.c include/*/*.h); do \
		clang-format-14 --dry-run -Werror $$file 2>build/layout.log || \
			{ echo "layout: $$file: $$(grep -c error: build/layout.log) places (clang-format-14 -i)"; failed=1; }; \
	done; exit $$failed

lint:
	$(Q)clang-tidy-14 --quiet $(SOURCES) -- -std=c11 -D_POSIX_C_SOURCE=200809L $(SEES_suite)

-include $(shell [ -d $(B) ] && find $(B) -name '*.d')
