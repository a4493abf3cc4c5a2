#include "tests/support/desktop.h"

#include <algorithm>
#include <filesystem>
#include <sstream>

namespace talk::test {
namespace {

// xterm's own actions, on keys that no program here knows: print the window, quit.
constexpr const char* kResources = R"(XTerm*printAttributes: 0
XTerm*printerAutoClose: true
XTerm*printerCommand: cat >PRINTED.new && mv PRINTED.new PRINTED
XTerm*VT100.translations: #override \
  Ctrl <Key>F11: print(noFormFeed,noAttrs) \n\
  Ctrl <Key>F12: quit()
)";

std::string resources(const std::string& printed) {
  std::string text = kResources;
  for (std::size_t at; (at = text.find("PRINTED")) != std::string::npos;)
    text.replace(at, 7, printed);
  return text;
}

std::string first_line(Process& process) {
  if (!process.says("\n")) throw std::runtime_error("Xvfb did not start: " + process.err());
  return process.out().substr(0, process.out().find('\n'));
}

}  // namespace

Desktop::Desktop(int most_clients)
    : xvfb_({"Xvfb", "-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp",
             "-noreset", "-maxclients", std::to_string(most_clients)}),
      display_(":" + first_line(xvfb_)) {
  write_file(dir_ / "resources", resources(dir_ / "printed"));
}

Process::Options Desktop::options() const {
  Process::Options options;
  options.environment = {{"DISPLAY", display_}, {"XENVIRONMENT", dir_ / "resources"}};
  options.unset = {"TMUX"};
  return options;
}

std::string Desktop::ask(const std::vector<std::string>& command) {
  Process process(command, options());
  process.exit_code();
  return process.out();
}

std::string Desktop::xdotool(std::vector<std::string> words) {
  words.insert(words.begin(), "xdotool");
  return ask(words);
}

Desktop::Window Desktop::window_of(pid_t xterm) {
  Window window;
  wait_until([&] {
    window = xdotool({"search", "--onlyvisible", "--pid", std::to_string(xterm)});
    return !window.empty();
  });
  return window.substr(0, window.find('\n'));
}

std::size_t Desktop::count_windows() {
  const std::string all = xdotool({"search", "--onlyvisible", "--class", "xterm"});
  return static_cast<std::size_t>(std::count(all.begin(), all.end(), '\n'));
}

std::set<Desktop::Window> Desktop::windows() {
  constexpr int kLeastWidth = 200;
  std::istringstream all(xdotool({"search", "--onlyvisible", "--name", "."}));
  std::set<Window> windows;
  for (Window window; std::getline(all, window);) {
    const std::string geometry = xdotool({"getwindowgeometry", "--shell", window});
    const std::size_t width = geometry.find("WIDTH=");  // not of one that has just gone
    if (width != std::string::npos && std::stoi(geometry.substr(width + 6)) >= kLeastWidth)
      windows.insert(window);
  }
  return windows;
}

std::string Desktop::instance_of(const Window& window) {
  const std::string names = ask({"xprop", "-id", window, "WM_CLASS"});  // … = "talk", "XTerm"
  const std::size_t start = names.find('"') + 1;
  return names.substr(start, names.find('"', start) - start);
}

std::string Desktop::geometry_of(const Window& window) {
  return xdotool({"getwindowgeometry", window});
}

// Whoever manages windows has asked to be told of those that are to be shown. twm, where the fonts
// are missing that it would choose by itself, dies as it starts, or does not.
std::unique_ptr<Process> Desktop::manage(const std::string& manager,
                                         const Process::Options& options) {
  std::vector<std::string> command = {manager};
  if (manager == "twm") {
    std::string settings = "RandomPlacement\nNoGrabServer\n";
    for (const char* font : {"Title", "Resize", "Menu", "Icon", "IconManager"})
      settings += font + std::string("Font \"fixed\"\n");
    write_file(dir_ / "twmrc", settings);
    command.insert(command.end(), {"-f", dir_ / "twmrc"});
  }
  auto process = std::make_unique<Process>(command, options);
  const bool came = wait_until([&] {
    return ask({"xwininfo", "-root", "-events"}).find("SubstructureRedirect") != std::string::npos;
  });
  if (!came) throw std::runtime_error(manager + " did not come: " + process->err());
  return process;
}

void Desktop::type_line(const Window& window, const std::string& line) {
  // A prompt: before that nothing is taken. A window that opened while another was typed into takes
  // words when it is turned to.
  wait_until([&] {
    if (shows(window, "\n>", milliseconds(0))) return true;
    xdotool({"windowfocus", root()});
    focus(window);
    return false;
  });
  focus(window);
  xdotool({"type", "--delay", "1", line});
  press(window, "Return");
}

void Desktop::press(const Window& window, const std::string& key) {
  focus(window);
  xdotool({"key", key});
}

void Desktop::type_blindly(const std::string& text, milliseconds between) {
  xdotool({"type", "--delay", std::to_string(between.count()), text});
}

std::string Desktop::root() {
  const std::string words = ask({"xwininfo", "-root", "-int"});  // … Window id: 1234 (…
  const std::size_t start = words.find("id: ") + 4;
  return words.substr(start, words.find(' ', start) - start);
}

// A window manager that sets the focus at the same moment may win: then once more, until it stays.
void Desktop::focus(const Window& window) {
  constexpr int kLooks = 5;
  int looks = 0;
  wait_until(
      [&] {
        if (xdotool({"getwindowfocus"}) == window + "\n") return ++looks == kLooks;
        looks = 0;
        xdotool({"windowfocus", window});
        return false;
      },
      seconds(3));
}

std::string Desktop::title_of(const Window& window) {
  const std::string title = xdotool({"getwindowname", window});
  return title.substr(0, title.find('\n'));
}

void Desktop::close(const Window& window) { press(window, "ctrl+F12"); }

std::string Desktop::text_of(const Window& window) {
  const std::string printed = dir_ / "printed";
  std::filesystem::remove(printed);
  press(window, "ctrl+F11");
  const bool came = wait_until([&] { return std::filesystem::exists(printed); }, seconds(5));
  return came ? read_file(printed) : "";
}

bool Desktop::shows(const Window& window, const std::string& part, milliseconds patience) {
  return wait_until([&] { return text_of(window).find(part) != std::string::npos; }, patience);
}

void Desktop::take_picture(const std::string& path) {
  Process import({"import", "-window", "root", path}, options());
  if (import.exit_code() != 0) throw std::runtime_error("no picture: " + import.err());
}

}  // namespace talk::test
