// Which files are sent in a person's name.
#include <gtest/gtest.h>

#include "common/files/send_rule.h"

namespace talk {
namespace {

struct Row {
  const char* path;
  const char* refused;  // a part of the reason; empty: it is sent
};

void expect(const SendRule& rule, std::initializer_list<Row> rows) {
  for (const auto& [path, refused] : rows) {
    const std::string why = rule.refusal(path);
    EXPECT_EQ(why.empty(), *refused == '\0') << path << ": " << why;
    EXPECT_NE(why.find(refused), std::string::npos) << path << ": " << why;
  }
}

TEST(SendRule, APersonSendsWhatIsTheirsAndNotHidden) {
  expect({"/home/ann", {"/home/ann/.talk/in", "/data/share"}},
         {{"/home/ann/notes.pdf", ""},
          {"/home/ann/a/b.c/d..e", ""},
          {"/home/ann", ""},
          {"/home/ann/.ssh/id_rsa", "'.ssh' is hidden"},
          {"/home/ann/.bashrc", "'.bashrc' is hidden"},
          {"/home/ann/proj/.git/config", "'.git' is hidden"},
          {"/home/ann/.talk/in/1.txt", ""},
          {"/home/ann/.talk/in/.hidden", "hidden"},
          {"/home/ann/.talk/inner", "'.talk' is hidden"},
          {"/data/share/x", ""},
          {"/data/sharex", "outside"},
          {"/home/anna/x", "outside"},
          {"/home/bob/x", "outside"},
          {"/etc/passwd", "outside"},
          {"/proc/1/mem", "outside"},
          {"/", "outside"},
          {"/tmp/x", ""},
          {"/tmp/.x/y", ""},
          {"/tmpx", "outside"},
          {"/media/usb/x", ""},
          {"/mnt/x", ""},
          {"/srv/x", ""}});
}

TEST(SendRule, AHomeBelowAnOpenPlaceHidesAsAnyOther) {
  expect({"/tmp/home", {}}, {{"/tmp/home/x", ""}, {"/tmp/home/.ssh/x", "hidden"}, {"/tmp/x", ""}});
}

TEST(SendRule, ADirectoryThatHoldsTheHomeOpensNothingHidden) {
  for (const char* const place : {"/home/ann", "/home"})
    expect({"/home/ann", {place}}, {{"/home/ann/x", ""}, {"/home/ann/.ssh/x", "hidden"}});
}

TEST(SendRule, WhatStandsOnTheCommandLineIsSentWhateverItIs) {
  expect({"/home/ann", {}, {"/home/ann/.ssh"}},
         {{"/home/ann/.ssh/.x", ""}, {"/home/ann/.bashrc", "hidden"}});
}

TEST(SendRule, WithNobodyAtTheDeskThereIsNoHome) {
  for (const char* const home : {"", "/"})
    expect({home, {"/srv/in"}}, {{"/srv/in/x", ""},
                                 {"/srv/out", "nobody at the desk"},
                                 {"/tmp/x", "nobody at the desk"},
                                 {"/home/ann/x", "nobody at the desk"}});
}

}  // namespace
}  // namespace talk
