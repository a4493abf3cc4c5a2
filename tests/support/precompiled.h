// What nearly every test includes, compiled once and put before each (see the Makefile). A test
// names its own headers all the same.
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>
