// What a file fetcher answers to a name, ours and other people's. Pure.
//
//   8402 OK 1234\n and the bytes, or 8402 NO reason\n       to a line
//   8402, mostly with a line end, then the file, or NO      to a bare name; up to the end
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace talk {

class FetchReply {
 public:
  // `lines`: the name was sent as a line, so that the answer may be one.
  explicit FetchReply(bool lines) : lines_(lines) {}

  // Takes what one receive brought; returns the bytes of the file in it. Not to be called once
  // refused(), greeted() or malformed().
  std::string receive(std::string_view bytes);
  // The server's end: the last bytes of the file, if some were held back.
  std::string end();

  // Whether it is known what the answer is.
  bool judged() const { return in_file_ || refused_ || malformed_; }
  const std::string& process_id() const { return process_id_; }  // empty where none was given
  std::optional<std::uint64_t> size() const { return size_; }    // where one was given
  const std::optional<std::string>& refused() const { return refused_; }  // the reason
  // `8402 OK` without a size that a file can have: what follows is not to be taken for one.
  bool malformed() const { return malformed_; }
  // To a line: the server greets with TALK/1 after all, and is no fetcher.
  bool greeted() const { return greeted_; }
  // All of a file whose size was given has come; anything behind it is not part of the file.
  bool complete() const { return size_ && received_ == *size_; }

 private:
  bool judge_head(bool at_end);
  bool judge_line();
  bool judge_greeting(bool at_end);
  void take_process_id();
  std::string file_bytes(std::string_view bytes);

  bool lines_;
  bool process_id_taken_ = false;
  bool in_file_ = false;
  bool greeted_ = false;
  bool malformed_ = false;
  std::string head_;                          // before it is known what it is
  std::optional<std::size_t> first_receive_;  // bytes
  std::string process_id_;
  std::optional<std::uint64_t> size_;
  std::optional<std::string> refused_;
  std::uint64_t received_ = 0;  // bytes of the file
};

}  // namespace talk
