#include "common/files/part_names.h"

#include "common/files/beneath.h"
#include "common/posix/directory_entries.h"
#include "common/posix/error.h"

namespace talk {
namespace {

// So many directories are kept in mind.
constexpr std::size_t kMostPlaces = 1'000;

}  // namespace

std::set<unsigned>& PartNames::numbers(int directory, const std::string& place,
                                       const std::string& stem) {
  if (const auto known = places_.find(place); known != places_.end()) return known->second[stem];
  DirectoryEntries entries(open_directory_beneath(directory, {}, Missing::fail));
  if (!entries) throw_errno("look through the directory");
  Numbers found;
  while (const dirent* entry = entries.next())
    if (const auto name = parse_partial_name(entry->d_name)) found[name->stem].insert(name->number);
  if (places_.size() >= kMostPlaces) places_.clear();
  return (places_[place] = std::move(found))[stem];
}

}  // namespace talk
