// What was to be sent and is not yet offered: paths, directories that are being walked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/files/file_source.h"
#include "common/files/tree_walk.h"
#include "common/transfer/outbox.h"

namespace talk {

class SendList {
 public:
  // A file that can be offered.
  struct Item {
    std::string name;
    std::uint64_t batch = 0;  // one /send of one path; counted from 1
    bool first = false;       // of its batch
    std::shared_ptr<const FileSource> source;
  };

  explicit SendList(TransferOutbox& out) : out_(out) {}

  void add(const std::string& path);
  // The next file of the oldest path that `may_offer`. A file that cannot be sent is a failure of
  // its own, and the rest goes on.
  std::optional<Item> next(const std::function<bool(std::uint64_t batch)>& may_offer);
  // Nothing more is offered of it.
  void drop(std::uint64_t batch);

  bool empty() const { return batches_.empty(); }
  void describe() const;
  void end(const std::string& why);

 private:
  struct Batch {
    std::uint64_t id = 0;
    std::string path;
    bool started = false;
    bool done = false;
    std::optional<TreeWalk> walk;  // of a directory
    std::size_t files = 0;
  };

  std::optional<Item> next_of(Batch& batch);
  std::optional<Item> next_in_directory(Batch& batch);

  TransferOutbox& out_;
  std::vector<Batch> batches_;
  std::uint64_t last_batch_ = 0;
};

}  // namespace talk
