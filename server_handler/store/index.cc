#include "server_handler/store/index.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <utility>

#include "common/posix/bug.h"
#include "common/posix/error.h"
#include "common/posix/io.h"
#include "common/posix/owned_fd.h"

namespace talk {
namespace {

constexpr std::size_t kHeaderSize = 4096 + sizeof(Appending::next);
constexpr std::uint64_t kFewestSlots = 4096;
constexpr std::size_t kLargestFetched = std::size_t{16} << 20;  // bytes
constexpr std::array<char, 16> kMagic{'t', 'a', 'l', 'k', ' ', 'i', 'n', 'd', 'e', 'x', ' ', '5'};

static_assert(sizeof(StoreHeader) <= kHeaderSize);
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);
static_assert(std::atomic<Time>::is_always_lock_free);

// A power cut may leave any mixture of old and new pages; then the index is not trusted. Where the
// system does not say when it started, no index outlives its last session.
std::array<char, 40> this_boot() {
  std::array<char, 40> boot{};
#ifdef __linux__
  const OwnedFd file(::open(StoreIndex::kThisBoot, O_RDONLY | O_CLOEXEC));
  if (file) read_some(file.get(), boot);
#endif
  return boot;
}

void* map(const OwnedFd& file, std::size_t size) {
  void* const memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
  if (memory == MAP_FAILED) throw_errno("map the store's index");
  return memory;
}

// Spreads neighbouring keys (the finaliser of SplitMix64).
std::uint64_t hash(std::int64_t key) {
  auto x = static_cast<std::uint64_t>(key);
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

}  // namespace

StoreIndex::StoreIndex(void* memory, std::size_t size)
    : header_(static_cast<StoreHeader*>(memory)), size_(size) {}

StoreIndex::StoreIndex(StoreIndex&& other) noexcept
    : header_(std::exchange(other.header_, nullptr)), size_(other.size_) {}

StoreIndex& StoreIndex::operator=(StoreIndex&& other) noexcept {
  std::swap(header_, other.header_);
  std::swap(size_, other.size_);
  return *this;
}

StoreIndex::~StoreIndex() {
  if (header_ != nullptr) ::munmap(header_, size_);
}

StoreIndex StoreIndex::create(int dir, const std::string& name, std::uint64_t keys) {
  const std::uint64_t capacity = std::max(kFewestSlots, std::bit_ceil(keys * 2));
  const std::uint64_t bytes = kHeaderSize + capacity * sizeof(Slot);
  const auto size = static_cast<std::size_t>(bytes);
  if (size != bytes) throw_error(ENOMEM, "map the store's index");  // where a pointer has 32 bits
  ::unlinkat(dir, name.c_str(), 0);  // cut short, it would kill those who have it mapped
  const OwnedFd file(
      ::openat(dir, name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
  if (!file) throw_errno("create the store's index");
  // Without reserved space a full disk would show as SIGBUS at some later write.
  if (const int error = ::posix_fallocate(file.get(), 0, static_cast<off_t>(size)); error != 0) {
    ::unlinkat(dir, name.c_str(), 0);
    throw_error(error, "reserve space for the store's index");
  }
  StoreIndex index(map(file, size), size);
  index.header().capacity = capacity;
  index.take_reserve(dir, name);
  index.start_again();
  return index;
}

std::optional<StoreIndex> StoreIndex::open(int dir, const std::string& name) {
  const OwnedFd file(::openat(dir, name.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC));
  if (!file) return std::nullopt;
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return std::nullopt;
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size < kHeaderSize) return std::nullopt;
  StoreIndex index(map(file, size), size);
  const std::uint64_t slots = (size - kHeaderSize) / sizeof(Slot);
  if (index.header().magic != kMagic || index.header().capacity > slots) return std::nullopt;
  return index;
}

void StoreIndex::start_again() {
  header_->write.initialise();
  header_->sync.initialise();
  header_->compaction.initialise();
  header_->appending.end = 0;
}

void StoreIndex::fetch() const {
#ifdef MADV_POPULATE_WRITE
  if (size_ <= kLargestFetched) ::madvise(header_, size_, MADV_POPULATE_WRITE);
#endif
}

void StoreIndex::finish() {
  header_->boot = this_boot();
  header_->magic = kMagic;
}

#ifdef FALLOC_FL_PUNCH_HOLE
bool StoreIndex::give_reserve(int dir, const std::string& name, std::size_t left) const {
  header_->reserve = false;
  return reserve(dir, name, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, kReserve - left) == 0;
}

bool StoreIndex::take_reserve(int dir, const std::string& name) const {
  const int error = reserve(dir, name, 0, kReserve);
  header_->reserve = error != ENOSPC && error != EDQUOT;
  return header_->reserve;
}

// 0, or the error.
int StoreIndex::reserve(int dir, const std::string& name, int mode, std::size_t bytes) const {
  const OwnedFd file(::openat(dir, name.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC));
  const auto from = static_cast<off_t>(kHeaderSize + header_->capacity * sizeof(Slot));
  if (file && ::fallocate(file.get(), mode, from, static_cast<off_t>(bytes)) == 0) return 0;
  return errno;
}
#else
bool StoreIndex::give_reserve(int, const std::string&, std::size_t) const { return false; }
bool StoreIndex::take_reserve(int, const std::string&) const { return header_->reserve = true; }
#endif

bool StoreIndex::of_this_boot() const {
  return header_->boot[0] != '\0' && header_->boot == this_boot();
}

std::span<StoreIndex::Slot> StoreIndex::slots() const {
  char* const start = reinterpret_cast<char*>(header_) + kHeaderSize;
  return {reinterpret_cast<Slot*>(start), static_cast<std::size_t>(header_->capacity)};
}

// The key's slot, or the free one where it would go.
std::size_t StoreIndex::slot_of(std::int64_t key) const {
  const std::span<Slot> all = slots();
  const std::size_t mask = all.size() - 1;
  std::size_t at = static_cast<std::size_t>(hash(key)) & mask;
  while (all[at].place != 0 && all[at].key != key) at = (at + 1) & mask;
  return at;
}

std::optional<Place> StoreIndex::find(std::int64_t key) const {
  const Slot& slot = slots()[slot_of(key)];
  if (slot.place == 0) return std::nullopt;
  return Place{slot.place - 1, slot.size};
}

void StoreIndex::put(std::int64_t key, const Place& place) {
  Slot& slot = slots()[slot_of(key)];
  if (slot.place == 0) {
    check(header_->live + 1 < header_->capacity, "a key for an index that is full");
    ++header_->live;
  } else {
    header_->live_bytes -= slot.size + 1;
  }
  header_->live_bytes += place.size + 1;
  slot = {key, place.offset + 1, place.size};
}

// Moves those behind it up, so that no search meets a hole.
void StoreIndex::erase(std::int64_t key) {
  const std::span<Slot> all = slots();
  const std::size_t mask = all.size() - 1;
  std::size_t hole = slot_of(key);
  if (all[hole].place == 0) return;
  --header_->live;
  header_->live_bytes -= all[hole].size + 1;
  for (std::size_t at = (hole + 1) & mask; all[at].place != 0; at = (at + 1) & mask) {
    const std::size_t wanted = static_cast<std::size_t>(hash(all[at].key)) & mask;
    if (((at - wanted) & mask) < ((at - hole) & mask))
      continue;  // it must not move before its place
    all[hole] = all[at];
    hole = at;
  }
  all[hole] = {};
}

void StoreIndex::clear() {
  std::ranges::fill(slots(), Slot{});
  header_->live = 0;
  header_->live_bytes = 0;
  header_->records = 0;
}

}  // namespace talk
