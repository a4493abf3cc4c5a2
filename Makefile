# Talk: everything is built into bin/, objects into build/.
#   make · make test · make demo · make picture · make icons · make format · make clean
#   make install · make uninstall · make deb
#   make lint · make fuzz seconds=60 · make mutate · make torture minutes=10 · make cuts · make clinic
#   make test-more
#   make bench
#   CXX=clang++ and sanitize=address,undefined build and test variants of their own, side by side.

PREFIX ?= /usr/local
CXX := $(if $(filter default,$(origin CXX)),g++,$(CXX))
sanitize ?=
comma := ,

# CXX may be two words (ccache g++).
compiler := $(notdir $(lastword $(CXX)))
variant := $(compiler)-$(if $(sanitize),$(subst $(comma),-,$(sanitize)),release)
build := build/$(variant)
bin := $(if $(filter g++-release,$(variant)),bin,$(build)/bin)

# The same ones from both compilers: clang counts signs among the conversions.
warnings := -Wall -Wextra -Wpedantic -Wconversion -Wshadow \
	$(if $(findstring clang,$(compiler)),-Wno-sign-conversion) $(if $(CI),-Werror)
# What the sanitizers add to the code makes g++ see uninitialized ghosts in <regex>.
sanitizers := $(if $(sanitize),-fsanitize=$(sanitize) -fno-sanitize-recover=all \
	-fno-omit-frame-pointer $(if $(findstring clang,$(CXX)),,-Wno-maybe-uninitialized))
# As distributions build their packages. Two of them are not for every machine, and the checks of
# library calls want an optimizer and no sanitizer beside them.
supported = $(shell $(CXX) $(1) -x c++ -c /dev/null -o /dev/null 2>/dev/null && echo $(1))
hardening := -fPIE -fstack-protector-strong \
	$(call supported,-fstack-clash-protection) $(call supported,-fcf-protection)
fortify = $(if $(sanitize)$(filter -O0,$(optimize) $(CXXFLAGS)),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
optimize := $(if $(sanitize),-O1,-O2)
# Files of more than 2 GiB, and the years from 2038 on, where a long has 32 bits.
wide := $(if $(shell $(CXX) $(CXXFLAGS) -dM -E -x c++ /dev/null | grep '__SIZEOF_LONG__ 4'),\
	-D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64)
compile = $(CXX) -std=c++20 $(optimize) -g -pthread -I. -MMD -MP $(warnings) $(wide) \
	$(hardening) $(fortify) $(sanitizers) $(CPPFLAGS) $(CXXFLAGS)
link := $(CXX) -pthread -Wl,-z,relro,-z,now $(sanitizers) $(LDFLAGS)

# The programs, each with the source of its main(). Every other source goes into one archive, from
# which a program takes only what it uses.
main_of_talk_server := talk_server/main
main_of_talk_window := talk_server/window/main
main_of_talk_desk := talk_server/board/main
main_of_talk_client := talk_client/main
main_of_talk_clinic := talk_client/clinic/main
main_of_server_handler := server_handler/talk/main
main_of_echo_handler := server_handler/echo/main
main_of_store_handler := server_handler/store/main
main_of_fetch_handler := server_handler/fetch/main
main_of_accio_handler := server_handler/upload/accio_main
main_of_upload_handler := server_handler/upload/main
# How each is linked.
screens := talk_desk talk_client server_handler
headless := echo_handler store_handler fetch_handler accio_handler upload_handler
programs := talk_server talk_window talk_clinic $(screens) $(headless)
mains := $(foreach program,$(programs),$(main_of_$(program)).cc)
sources := $(wildcard $(addsuffix *.cc,common/*/ common/*/*/ talk_server/ talk_server/*/ \
	server_handler/*/ talk_client/ talk_client/*/))
library := $(build)/libtalk.a
library_objects := $(patsubst %.cc,$(build)/%.o,$(filter-out $(mains),$(sources)))

# The desktop's tests look at xterm and tmux; the sanitizers look at our own programs. Terminals
# that are long to install have a suite that only test-more runs, and so have other services.
suites := $(filter-out terminals services_more clinic $(if $(sanitize),desktop),\
	$(patsubst tests/%/,%,$(sort $(dir $(wildcard tests/*/*_test.cc)))))
test_programs := $(suites:%=$(build)/tests/%_tests)
# Everything that building, testing and the demonstration need on a fresh Debian machine.
packages := g++ gcc make binutils libncurses-dev libgtest-dev procps util-linux \
	xvfb xterm xdotool x11-utils x11-xserver-utils imagemagick fonts-dejavu-core tmux \
	zsh fish rxvt-unicode stterm lxterminal openbox icewm twm netcat-openbsd ncat telnet curl python3 strace

.PHONY: all
all: $(programs:%=$(bin)/%)

$(build)/%.o: %.cc
	@mkdir -p $(@D)
	@echo 'CXX $<'; $(compile) -c $< -o $@

$(library): $(library_objects)
	@echo 'AR $@'; rm -f $@; $(AR) rcs $@ $^

# Every program is position-independent.
$(foreach program,talk_window talk_clinic $(screens),$(eval link_$(program) := -pie))
# The listener stays as long as anybody talks: it carries no more of libstdc++ than it uses.
link_talk_server := -pie $(if $(sanitize),,-static-libstdc++ -static-libgcc)
# Headless handlers are linked statically: they start in half the time and share no library pages
# that each would have to relocate. That they are position-independent all the same costs about 5 %
# of the connections a second, and some 17 KiB of each session's 84: they read what strangers send.
$(foreach program,$(headless),$(eval link_$(program) := \
	$(if $(sanitize),-pie,-static-pie -Wl,--gc-sections)))
$(foreach program,$(screens),$(eval libraries_$(program) := -lncursesw -ltinfo))

define program_rule
$(bin)/$(1): $(build)/$(main_of_$(1)).o $(library)
	@mkdir -p $$(@D)
	@echo 'LD $$@'; $(link) $(link_$(1)) $$^ $(libraries_$(1)) -o $$@
endef
$(foreach program,$(programs),$(eval $(call program_rule,$(program))))

# Tests run the programs of their own variant; each is compiled once and runs for seconds, so that
# the optimizer's time would be lost on them.
$(build)/tests/%.o: optimize := $(if $(sanitize),-O1,-O0)
$(build)/tests/support/process.o: compile += -DTALK_BIN='"$(abspath $(bin))"'

# Most of a test's compilation is GoogleTest's header: g++ reads that once for all.
ifeq ($(findstring clang,$(compiler)),)
precompiled := $(build)/tests/precompiled.h
$(precompiled).gch: tests/support/precompiled.h
	@mkdir -p $(@D)
	@cp $< $(precompiled)
	@echo 'CXX $<'; $(compile) -x c++-header $< -o $@
$(precompiled).gch: optimize := $(if $(sanitize),-O1,-O0)
$(build)/tests/%.o: private compile += -include $(precompiled)
$(patsubst %.cc,$(build)/%.o,$(wildcard tests/*/*.cc)): $(precompiled).gch
endif

define suite_rule
$(build)/tests/$(1)_tests: $(patsubst %.cc,$(build)/%.o,$(wildcard tests/$(1)/*.cc tests/support/*.cc)) $(library)
	@echo 'LD $$@'; $(link) -pie $$^ -lgtest -lgtest_main -lncursesw -ltinfo -lutil -o $$@
endef
$(foreach suite,$(suites) terminals services_more clinic,$(eval $(call suite_rule,$(suite))))

.PHONY: test
test: packages
	$(MAKE) -j$(shell nproc) all test-programs
	tests/tools/run_tests $(test_programs)

.PHONY: test-programs
test-programs: $(test_programs)

.PHONY: packages
packages:
	@tests/tools/install_packages $(packages)

# The main job, to be looked at: on a desktop, else in tmux.
.PHONY: demo
demo: packages
	$(MAKE) -j$(shell nproc) all
	tests/tools/demo $(bin)

# The README's picture of the desk.
.PHONY: picture
picture: packages
	$(MAKE) -j$(shell nproc) all
	tests/tools/picture_desktop $(bin) tests/pictures/desktop.png

# Programs that no person starts, and the icons, drawn once more in sizes that many desktops want.
libexec = $(DESTDIR)$(PREFIX)/libexec/talk
icons = $(DESTDIR)$(PREFIX)/share/icons/hicolor
icon_sizes := 48 128 256
.PHONY: icons
icons:
	@tests/tools/install_packages librsvg2-bin
	for size in $(icon_sizes); do rsvg-convert -w $$size -h $$size talk_client/desktop/talk.svg \
		-o talk_client/desktop/talk-$$size.png; done

# systemd's: for a person's desk, and for services with nobody at one.
units = $(DESTDIR)$(PREFIX)/lib/systemd
user_units := talk_server/units/talk_server.service
system_units := $(wildcard talk_server/units/talk_server@.*)
for_persons := $(filter-out talk_window server_handler $(headless),$(programs))

.PHONY: install
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 \
		$(DESTDIR)$(PREFIX)/share/applications $(libexec) $(units)/user $(units)/system
	install -s -m 755 $(for_persons:%=$(bin)/%) $(DESTDIR)$(PREFIX)/bin
	install -s -m 755 $(patsubst %,$(bin)/%,$(filter-out $(for_persons),$(programs))) $(libexec)
	install -m 644 $(wildcard */*.1 */*/*.1) $(DESTDIR)$(PREFIX)/share/man/man1
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man7 common/wire/talk.7
	install -m 755 talk_client/desktop/talk_call $(libexec)
	sed 's|^Exec=|&$(PREFIX)/libexec/talk/|' talk_client/desktop/talk_client.desktop \
		>$(DESTDIR)$(PREFIX)/share/applications/talk_client.desktop
	install -D -m 644 -t $(icons)/scalable/apps talk_client/desktop/talk.svg
	for size in $(icon_sizes); do install -D -m 644 talk_client/desktop/talk-$$size.png \
		$(icons)/$${size}x$$size/apps/talk.png; done
	install -m 644 $(user_units) $(units)/user
	install -m 644 $(system_units) $(units)/system
	sed -i 's|@PREFIX@|$(PREFIX)|' $(units)/user/talk_server.service $(units)/system/talk_server@.service
	tests/tools/install_completions $(bin) $(DESTDIR)$(PREFIX)/share talk_server talk_desk talk_client talk_clinic

# What would be installed is what is taken away.
staged := build/staged
.PHONY: uninstall
uninstall:
	rm -rf $(staged)
	$(MAKE) install DESTDIR=$(staged) PREFIX=$(PREFIX) >/dev/null
	cd $(staged) && find . -type f | (cd $(DESTDIR)/ && xargs rm -f)
	rmdir $(libexec)

# A Debian package, of the libraries that this machine has. The version stands in one place.
version := $(shell sed -n 's/.*kVersion = "\(.*\)".*/\1/p' common/posix/program.h)
deb = build/talk_$(version)_$(shell dpkg --print-architecture).deb
.PHONY: deb
deb: all
	rm -rf $(staged)
	$(MAKE) install DESTDIR=$(staged) PREFIX=/usr >/dev/null
	gzip -9 -n $(staged)/usr/share/man/man?/*
	tests/tools/debian_control $(version) $(staged)
	dpkg-deb --root-owner-group --build $(staged) $(deb)

.PHONY: format
format:
	git ls-files '*.cc' '*.h' | xargs clang-format -i

.PHONY: clean
clean:
	rm -rf bin build

include tests/more.mk tests/bench/bench.mk

-include $(shell find $(build) -name '*.d' 2>/dev/null)
