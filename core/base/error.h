#pragma once

#include <stdexcept>

#include "core/base/text.h"

namespace weft {

/// The operation cannot go on. Carries a translatable message that says what, where and what to do.
/// Caught at three borders only: a UI action, `main`, a thread's entry.
class Error : public std::runtime_error {
public:
    explicit Error(Message message) : std::runtime_error(english(message)), m_message(std::move(message)) {}

    template <class... Args>
    explicit Error(Text text, Args&&... args) : Error(weft::message(text, std::forward<Args>(args)...))
    {
    }

    const Message& message() const { return m_message; }

private:
    Message m_message;
};

} // namespace weft
