// How a talk or a batch of transfers ended: the exit codes of talk_client, to which run_program()
// adds 2, wrong usage. Why a talk ended decides (TalkEnding::exit_code); then what it left undone
// (conversation_ending.cc), what a command that led to the server says (talk_client/main.cc), and
// what became of a batch's files (batch.cc, plain_batch.cc).
#pragma once

#include <string>

namespace talk {

struct Outcome {
  static constexpr int kFine = 0;
  static constexpr int kFailed = 1;
  static constexpr int kRefused = 3;   // at the door
  static constexpr int kLost = 4;      // the connection
  static constexpr int kTransfer = 5;  // a transfer was refused or failed
  int code = kFine;
  std::string reason;  // may hold words of the peer's; empty where there is nothing to say
};

}  // namespace talk
