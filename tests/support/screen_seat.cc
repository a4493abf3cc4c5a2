#include "tests/support/screen_seat.h"

#include <poll.h>
#include <sys/socket.h>

#include <stdexcept>

#include "common/posix/address.h"
#include "common/posix/listen.h"

namespace talk::test {

ScreenSeat::ScreenSeat(const SeatOptions& options) : client_(options.client) {
  if (client_)
    sit_at_the_client(options);
  else
    sit_at_the_desk(options);
  const bool wide_enough = options.columns >= 20 && options.rows >= 3;
  if (wide_enough && options.waits_for_prompt && !screen_->shows(peer_name()))
    throw std::runtime_error("the screen did not come: " + screen_->text());
}

void ScreenSeat::sit_at_the_client(const SeatOptions& options) {
  const OwnedFd listener = listen_on("127.0.0.1", 0);
  sockaddr_storage raw{};
  socklen_t size = sizeof raw;
  ::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&raw), &size);
  const std::string port = std::to_string(address_of(raw).port);
  write_file(directory_ / "run", "echo $$ > shell\n" + program("talk_client") + " --name me " +
                                     options.arguments + " 127.0.0.1 " + port + "\n" +
                                     options.afterwards + "\n" +
                                     (options.job_control ? "fg\n" : ""));
  const std::string shell = options.job_control ? "bash -m ./run" : "sh ./run";
  screen_ = std::make_unique<Pane>(
      options.columns, options.rows,
      "sh -c 'cd " + directory_.path().string() + " && exec " + shell + "'", options.environment);
  pollfd ready{listener.get(), POLLIN, 0};
  ::poll(&ready, 1, 20'000);
  OwnedFd visitor(::accept(listener.get(), nullptr, nullptr));
  if (!visitor) throw std::runtime_error("nobody called: " + screen_->text());
  peer_ = std::make_unique<TalkPeer>(std::move(visitor));
}

void ScreenSeat::sit_at_the_desk(const SeatOptions& options) {
  screen_ = std::make_unique<Pane>(options.columns, options.rows, "cat");
  Process::Options inside;
  inside.environment = options.environment;
  inside.environment["TMUX"] = screen_->address();
  server_ = std::make_unique<Server>(
      std::vector<std::string>{"--terminal", "tmux", "--name", "me", "--split"},
      directory_.path().string(), inside);
  peer_ = std::make_unique<TalkPeer>(server_->port());
  if (!screen_->turn_to_new_window()) throw std::runtime_error("no window came");
  if (options.waits_for_prompt && !screen_->shows("\n>"))
    throw std::runtime_error("no prompt came: " + screen_->text());
  screen_->resize(options.columns, options.rows);
}

}  // namespace talk::test
