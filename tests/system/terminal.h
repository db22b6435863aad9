#pragma once

#include <csignal>
#include <vector>

#include <pty.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <QElapsedTimer>
#include <QRegularExpression>
#include <QStringList>

namespace weft::test {

inline constexpr int terminalColumns = 80;

/// `weft` in a terminal of its own, as a user sees it.
class Terminal {
public:
    explicit Terminal(const QStringList& arguments)
    {
        const QByteArray program = qgetenv("WEFT_PROGRAM");
        std::vector<QByteArray> texts{program};
        for (const QString& argument : arguments)
            texts.push_back(argument.toUtf8());
        std::vector<char*> words;
        for (QByteArray& text : texts)
            words.push_back(text.data());
        words.push_back(nullptr);
        const winsize size{24, terminalColumns, 0, 0};
        m_child = ::forkpty(&m_file, nullptr, nullptr, &size);
        if (m_child == 0) {
            ::execv(program.constData(), words.data());
            ::_exit(127);
        }
        // Ctrl+C makes a terminal drop what it has not shown yet; here all of it is to be seen.
        termios settings;
        if (isOpen() && ::tcgetattr(m_file, &settings) == 0) {
            settings.c_lflag |= NOFLSH;
            ::tcsetattr(m_file, TCSANOW, &settings);
        }
    }
    ~Terminal()
    {
        if (m_child > 0)
            ::kill(m_child, SIGKILL);
        close();
    }

    /// False where the machine gives no terminals, such as a bare chroot without /dev/pts.
    bool isOpen() const { return m_child > 0; }

    /// True once `pattern` stands on the screen.
    bool waitFor(const char* pattern)
    {
        const QRegularExpression expression(QString::fromUtf8(pattern));
        QElapsedTimer timer;
        timer.start();
        while (!expression.match(m_screen).hasMatch() && timer.elapsed() < 30000) {
            char bytes[4096];
            const ssize_t count = ::read(m_file, bytes, sizeof bytes);
            if (count <= 0)
                break;
            m_screen += QString::fromUtf8(bytes, static_cast<int>(count));
        }
        return expression.match(m_screen).hasMatch();
    }

    void type(char key) { [[maybe_unused]] const ssize_t count = ::write(m_file, &key, 1); }

    int close()
    {
        int status = -1;
        if (m_child > 0)
            ::waitpid(m_child, &status, 0);
        m_child = -1;
        if (m_file >= 0)
            ::close(m_file);
        m_file = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

    const QString& screen() const { return m_screen; }

private:
    pid_t m_child = -1;
    int m_file = -1;
    QString m_screen;
};

} // namespace weft::test
