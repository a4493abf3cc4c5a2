// What the environment says of the terminal, before anything is known of its abilities.
#pragma once

namespace talk {

// Whether TERM says that a terminal can do nothing, or says nothing at all.
bool terminal_is_dumb();

// Whether its owner has nothing against colours (NO_COLOR, by the convention of that name).
bool colour_is_wanted();

}  // namespace talk
