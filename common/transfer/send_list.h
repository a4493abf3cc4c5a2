// What was to be sent and is not yet offered: paths, directories that are being walked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/files/disk_thread.h"
#include "common/files/file_source.h"
#include "common/transfer/outbox.h"
#include "common/transfer/send_walk.h"

namespace talk {

class SendList {
 public:
  // A file that can be offered.
  struct Item {
    std::string name;
    std::uint64_t batch = 0;  // one /send of one path; counted from 1
    std::shared_ptr<const FileSource> source;
  };

  // What is known of a directory before its files are offered.
  struct Counted {
    std::uint64_t batch = 0;
    std::string name;
    std::uint32_t files = 0;  // at least one
    std::uint64_t bytes = 0;
  };

  SendList(OwnFiles& files, TransferOutbox& out, DiskThread& disk)
      : files_(files), out_(out), disk_(disk) {}

  void add(const std::string& path);
  // The directories that were counted meanwhile, each once; their files come behind that.
  std::vector<Counted> take_counted();
  // The next file of the oldest path that `may_offer`. A file that cannot be sent is a failure of
  // its own, and the rest goes on.
  std::optional<Item> next(const std::function<bool(std::uint64_t batch)>& may_offer);
  // Nothing more is offered of it.
  void drop(std::uint64_t batch);

  bool empty() const { return batches_.empty(); }
  bool has(std::uint64_t batch) const;
  std::optional<std::uint64_t> oldest() const;
  std::string path_of(std::uint64_t batch) const;  // as it was given
  void describe() const;
  void end(const std::string& why);

 private:
  struct Batch {
    std::uint64_t id = 0;
    std::string path;
    bool started = false;
    bool done = false;
    std::shared_ptr<SendWalk> walk;  // of a directory
    bool count_taken = false;
    std::size_t entries = 0;
    std::size_t problems = 0;
  };

  std::optional<Item> next_of(Batch& batch);
  std::optional<Item> next_in_directory(Batch& batch);
  void end_of_directory(Batch& batch);
  bool may_start() const;
  const Batch* find(std::uint64_t id) const;

  OwnFiles& files_;
  TransferOutbox& out_;
  DiskThread& disk_;
  std::vector<Batch> batches_;
  std::uint64_t last_batch_ = 0;
};

}  // namespace talk
