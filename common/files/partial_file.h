// One file on its way in: hidden until it is complete, verified and on disk, and only
// then under its name. What a broken link leaves behind is found again.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "common/files/inbox.h"
#include "common/files/partial_name.h"
#include "common/files/staged_file.h"
#include "common/posix/owned_fd.h"

namespace talk {

struct ChecksumError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class PartialFile {
 public:
  using Identity = FileIdentity;

  // Opens the part that an earlier session left, or begins a new one; directories are made on the
  // way. Everything here throws std::system_error with the reason. What other sessions have of a
  // file of this identity may be another one's bytes: after a ChecksumError it is to be left alone.
  enum class Others { use, leave_alone };
  PartialFile(std::shared_ptr<Inbox> inbox, Identity identity, Others others = Others::use);
  // Keeps what was written, to be found again.
  ~PartialFile();
  PartialFile(const PartialFile&) = delete;
  PartialFile& operator=(const PartialFile&) = delete;

  std::uint64_t size() const { return staged_.size(); }  // bytes that are there

  // All of it comes once more, whatever was found: a part is emptied; of a file that is stored
  // nothing is written again, and verify() compares what came with what is there.
  void take_again();
  // Computes the checksum of the part that was found; before the first write().
  void hash_found();
  void write(std::string_view bytes);

  // The way to its name, in this order (PublishGroup goes it). Each may throw.
  //
  // Throws ChecksumError, with the partial file gone.
  void verify(std::uint32_t crc);
  // The only step that several threads may go at once, each with a file of its own.
  void make_durable();
  // Gives the file its name: the one wished for, or -2, -3… Returns the path below the inbox. The
  // name is on the disk, and may be spoken of, after sync_directory().
  //
  // Until the sender has heard that the file is stored it may come again with it. The hidden name
  // is *remembered* therefore, as a second link to the file: a later PartialFile finds it, and
  // publishing that gives the name that the file has. Once the sender knows: discard(). The hidden
  // name stays locked as long as this object lives.
  enum class Remembered { no, yes };
  std::string take_name(Remembered remembered);
  int directory() const { return staged_.directory(); }
  const std::string& hidden_name() const { return staged_.hidden_name(); }
  void sync_directory() const { staged_.sync_directory(); }

  // Removes the hidden name: of a file that is not published, the file, and with it the directories
  // that were made for it and hold nothing else. Throws nothing.
  void discard();

 private:
  struct Found {
    OwnedFd fd;
    bool there = false;      // something has the name
    bool locked = false;     // by us; else somebody is using it
    bool published = false;  // and remembered
    std::uint64_t size = 0;
  };

  std::string path_of(const std::string& name) const;
  bool is_ours(const std::string& name) const;  // this process is writing it
  std::set<unsigned>& numbers() const;          // of the parts of this file, as far as is known
  unsigned free_number() const;
  void await_others() const;
  Found find(const std::string& name) const;
  OwnedFd open_found();
  OwnedFd search();
  void create();
  void copy_from(const OwnedFd& others);
  void append(std::string_view bytes);
  void check_place() const;
  void remove_place();
  void keep_place();
  std::string name_given_before() const;

  std::shared_ptr<Inbox> inbox_;
  Identity identity_;
  std::string stem_;
  StagedFile staged_;
  std::string used_path_;
  std::uint64_t reserved_ = 0;
  std::uint32_t crc_ = 0;
  bool published_before_ = false;
  bool let_go_by_ = false;   // what is written
  std::string name_before_;  // of one that was published; known with verify()
};

}  // namespace talk
