// bare_files DIRECTORY COUNT GROUP THREADS: what a disk can do at best with COUNT files of 1 KB
// that are written, brought to it by THREADS at once in groups of GROUP, and given their names: no
// network, no checksum. Prints the seconds.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace {

std::string hidden(int number) { return ".part" + std::to_string(number); }

void sync_all(const std::vector<int>& files, int threads) {
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i; (i = next++) < files.size();) ::fsync(files[i]);
  };
  std::vector<std::thread> others;
  for (int i = 1; i < threads; ++i) others.emplace_back(work);
  work();
  for (std::thread& other : others) other.join();
}

void bring_group(int directory, int from, int to, int threads) {
  const std::string bytes(1024, 'x');
  std::vector<int> files;
  for (int i = from; i < to; ++i) {
    files.push_back(
        ::openat(directory, hidden(i).c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (::write(files.back(), bytes.data(), bytes.size()) < 0) std::exit(1);
  }
  sync_all(files, threads);
  for (int i = from; i < to; ++i)
    if (::renameat(directory, hidden(i).c_str(), directory, std::to_string(i).c_str()) != 0)
      std::exit(1);
  ::fsync(directory);
  for (const int file : files) ::close(file);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  const int directory = ::open(argv[1], O_RDONLY | O_DIRECTORY);
  const int count = std::atoi(argv[2]);
  const int group = std::atoi(argv[3]);
  const auto start = std::chrono::steady_clock::now();
  for (int at = 0; at < count; at += group)
    bring_group(directory, at, std::min(at + group, count), std::atoi(argv[4]));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  std::printf("%.3f\n", took.count());
}
