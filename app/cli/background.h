#pragma once

namespace weft::cli {

/// Splits off a process that outlives the terminal. Call it before any thread is started.
class Background {
public:
    enum class Side { Parent, Child };

    /// Forks; the child leads a session of its own. Throws Error.
    Side split();
    /// Parent: waits until the child has said `ready`. False when it ended before (it has told why).
    bool waitForChild();
    /// Child: lets the parent go and closes the way to the terminal.
    void ready();

private:
    int m_pipe = -1;
};

} // namespace weft::cli
