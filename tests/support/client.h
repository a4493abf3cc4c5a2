// How a test starts talk_client, as alice, against a server on loopback.
#pragma once

#include <string>
#include <vector>

namespace talk::test {

std::vector<std::string> client(int port, const std::vector<std::string>& options = {});
// The same as words for a shell.
std::string shell_client(int port, const std::string& options = "");

}  // namespace talk::test
