// A file that grows under a hidden name and appears under its real one in one step, complete and on
// disk: what every received file is written through.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/posix/owned_fd.h"

namespace talk {

// Everything throws std::system_error with the reason, unless it says otherwise.
//
//   StagedFile file(open_directory(dir));
//   if (!file.create(".talk-mine.part")) …    // somebody else has that name
//   file.write(bytes);                        // as often as there are some
//   file.make_durable();
//   file.appear_as("7.file");                 // or: name = file.appear_beside("notes.pdf");
//
// What has not appeared when the object goes is removed, unless keep() was called.
class StagedFile {
 public:
  explicit StagedFile(OwnedFd directory) : directory_(std::move(directory)) {}
  ~StagedFile() { discard(); }
  StagedFile(const StagedFile&) = delete;
  StagedFile& operator=(const StagedFile&) = delete;

  // Makes the file, exclusively, with the mode that it is to have (0666 less the umask: a confined
  // process changes no modes) and locked (flock), so that no sweep takes it for abandoned. False
  // where the name is taken. A hidden name is one of is_partial_name().
  [[nodiscard]] bool create(const std::string& hidden_name);
  // Goes on with one of `size` bytes that was found and locked.
  void adopt(const std::string& hidden_name, OwnedFd file, std::uint64_t size);

  bool is_open() const { return static_cast<bool>(file_); }
  int fd() const { return file_.get(); }
  int directory() const { return directory_.get(); }
  const std::string& hidden_name() const { return hidden_name_; }  // empty: there is none any more
  std::uint64_t size() const { return size_; }                     // bytes

  // Appends.
  void write(std::string_view bytes);
  // Throws away what was written.
  void empty();

  // Brings all that was written to the disk.
  void make_durable();
  // The name appears, and is on the disk. After make_durable(), once. Either replaces what has the
  // name, or leaves it and takes the next free one of "x", "x-2", "x-3"…, which is returned.
  void appear_as(const std::string& name);
  enum class HiddenName { remove, keep };  // keep: it stays as a second link, to be found again
  std::string appear_beside(const std::string& wish, HiddenName hidden = HiddenName::remove);
  // The same, but the name is on the disk only after sync_directory(): of several files that get
  // theirs in one directory, one need say that.
  std::string take_name_beside(const std::string& wish, HiddenName hidden);
  void sync_directory() const;

  // Closes the file and leaves it under its hidden name.
  void keep();
  // Closes the file and removes the hidden name. Throws nothing.
  void discard();

 private:
  void start_writing_back();
  bool give_name(const std::string& name, HiddenName hidden);

  OwnedFd directory_;
  OwnedFd file_;
  std::string hidden_name_;
  std::uint64_t size_ = 0;
  std::uint64_t written_back_ = 0;  // up to here, at least begun
  bool durable_ = false;            // nothing was written since make_durable()
};

// The first of "x", "x-2", "x-3"… that nothing in the directory has now.
std::string free_name(int directory, const std::string& wish);

}  // namespace talk
