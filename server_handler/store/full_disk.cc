// On a full disk a copy of what lives has no room before what is dead gives up its own. So the log
// is gone through piece by piece: what is still needed of a piece is said again at the log's end,
// and once that is on disk the piece becomes a hole in the file, a line of NULs that no reader
// takes for a record. Whatever process is killed, and when, the file says the same as before.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <unordered_set>
#include <utility>
#include <vector>

#include "common/posix/error.h"
#include "server_handler/store/appending.h"
#include "server_handler/store/database_log.h"
#include "server_handler/store/store.h"

namespace talk {
namespace {

constexpr std::uint64_t kPiece = StoreIndex::kReserve;           // bytes, of whole lines
constexpr std::uint64_t kLongestBatch = std::uint64_t{4} << 20;  // bytes between two syncs
constexpr std::size_t kLastReserve = std::size_t{16} << 10;      // bytes
constexpr std::uint64_t kLeastGain = std::uint64_t{8} << 10;     // less frees no block of the disk

using Keys = std::unordered_set<std::int64_t>;

// Lines of the log, and what of them is still needed: what lives, and each del of whose key there
// may still be a put before it.
struct Piece {
  std::uint64_t end = 0;
  std::uint64_t records = 0;
  bool a_persons = false;  // one of its lines
  Keys put;
  Keys deleted;
  std::string again;
  std::vector<std::pair<std::int64_t, Place>> living;  // in `again`
};

// Pieces that are to become holes after one sync, in any order.
struct Batch {
  std::vector<Place> pieces;
  std::uint64_t bytes = 0;
  std::uint64_t records = 0;
  Keys put;
};

}  // namespace

class Store::Release {
 public:
  explicit Release(Store& store) : store_(store), end_(store.header().end) {}

  // False: nothing was freed.
  bool run() {
    bool freed = false;
    std::uint64_t longest = kPiece;  // grows with the room that there is
    while (at_ < end_) {
      const Step step = say_again();
      if (step == Step::stop) break;
      if (step == Step::done && batch_.bytes < longest) continue;
      if (!make_holes()) return freed;
      freed = true;
      longest = std::min(2 * longest, kLongestBatch);
    }
    return make_holes() || freed;
  }

 private:
  enum class Step { done, no_room, stop };

  // Goes on behind the piece, with its keys' records in both places. One that mostly lives is left
  // as it is, and so is one with words of a person's.
  Step say_again() {
    const RobustLock held = store_.hold();
    if (!is_ours()) return Step::stop;
    Piece piece = read_piece();
    const std::uint64_t size = piece.end - at_;
    if (size == 0) return Step::stop;
    const std::uint64_t gain = size - std::min<std::uint64_t>(piece.again.size(), size);
    const bool worth_it = !piece.a_persons && gain >= kLeastGain;
    const bool moved =
        worth_it && append_to_log(store_.log_.get(), store_.header(), piece.again) == 0;
    if (worth_it && !moved && !batch_.pieces.empty()) return Step::no_room;
    if (!moved) {
      all_before_gone_ = false;
    } else {
      move_living(piece);
      batch_.pieces.push_back({at_, size});
      batch_.bytes += size;
      batch_.records += piece.records;
      batch_.put.merge(piece.put);
    }
    at_ = piece.end;
    return Step::done;
  }

  bool is_ours() const {
    const StoreHeader& now = store_.header();
    return !now.replaced && !now.distrusted && store_.is_as_left();
  }

  // Where a line is longer than a piece, the piece is longer.
  Piece read_piece() const {
    Piece piece;
    for (std::uint64_t size = kPiece;; size *= 2) {
      const std::uint64_t to = std::min(at_ + size, end_);
      piece.end =
          scan_log(store_.log_.get(), StoreForm::own, at_, to,
                   [&](std::uint64_t at, std::string_view line) { take_line(piece, at, line); });
      if (piece.end != at_ || to == end_) return piece;
    }
  }

  void take_line(Piece& piece, std::uint64_t at, std::string_view line) const {
    piece.a_persons |= is_a_persons(line);
    const StoreRecord record = parse_store_record(StoreForm::own, line);
    if (record.kind == StoreRecord::Kind::none) return;
    ++piece.records;
    const std::int64_t key = record.key;
    const std::optional<Place> now = store_.index_->find(key);
    if (record.kind == StoreRecord::Kind::put) {
      piece.put.insert(key);
      if (now != Place{at, line.size()}) return;
      piece.living.emplace_back(key, Place{piece.again.size(), line.size()});
      piece.again.append(line).append("\n");
    } else if (!now && may_have_a_put_before(piece, key) && piece.deleted.insert(key).second) {
      piece.again += format_store_del(key);
    }
  }

  bool may_have_a_put_before(const Piece& piece, std::int64_t key) const {
    return !all_before_gone_ || batch_.put.contains(key) || piece.put.contains(key);
  }

  void move_living(const Piece& piece) {
    StoreHeader& shared = store_.header();
    {
      const TableChange changing(shared.changes);
      for (const auto& [key, place] : piece.living)
        store_.index_->put(key, {shared.end + place.offset, place.size});
    }
    shared.records += piece.living.size() + piece.deleted.size();
    shared.end += piece.again.size();
    shared.seen = state_of(store_.log_.get());
  }

  // False: there are none. Holes that were made before are on disk before these are made, so that
  // no del is gone before its put.
  bool make_holes() {
    const Batch batch = std::exchange(batch_, {});
    if (batch.pieces.empty()) return false;
    store_.unsynced_ = store_.header().end;
    store_.sync();
    if (::fsync(store_.log_.get()) != 0) store_.distrust(errno);
    const RobustLock held = store_.hold();
    if (!is_ours()) return false;
    bool made = false;
    for (const auto& [offset, size] : batch.pieces) made |= make_hole(offset, size - 1);
    store_.header().records -= batch.records;
    store_.header().seen = state_of(store_.log_.get());
    return made;
  }

  // The line feed behind it stays: no line is longer than can be read as one.
  bool make_hole(std::uint64_t offset, std::uint64_t size) const {
#ifdef FALLOC_FL_PUNCH_HOLE
    return ::fallocate(store_.log_.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                       static_cast<off_t>(offset), static_cast<off_t>(size)) == 0;
#else
    return false;
#endif
  }

  Store& store_;
  std::uint64_t at_ = kStoreHeader.size();
  const std::uint64_t end_;
  Batch batch_;
  bool all_before_gone_ = true;
};

// False: nothing was freed. A little of the reserve is used only where nothing else helps: who is
// killed in the middle of this leaves what was said again, and not yet a hole to make up for it.
bool Store::release_dead() {
  const std::string index = index_name(state_of(log_.get()).inode);
  if (header().form != StoreForm::own || header().distrusted) return false;
  bool freed = false;
  for (const std::size_t left : {kLastReserve, std::size_t{0}}) {
    if (freed || !index_->give_reserve(dir_.get(), index, left)) break;
    freed = Release(*this).run();
  }
  index_->take_reserve(dir_.get(), index);
  return freed;
}

// With the lock. Without the reserve nobody could make room any more, so no put takes what may be
// left of it by one who was killed while making some.
bool Store::holds_reserve() {
  if (header().reserve || !header().compaction.try_lock()) return true;  // another uses it
  const RobustLock compaction(header().compaction, std::adopt_lock);
  return index_->take_reserve(dir_.get(), index_name(state_of(log_.get()).inode));
}

// A del takes no room in the place of its put: one byte is changed, which no crash can halve. A
// compaction that is under way has to begin anew. False: it cannot be done here.
bool Store::strike_out(const Place& put) {
  if (::pwrite(log_.get(), &kStrike, 1, static_cast<off_t>(put.offset)) != 1) return false;
  ++header().struck;
  struck_ = true;
  return true;
}

}  // namespace talk
