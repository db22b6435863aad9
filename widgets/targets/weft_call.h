#pragma once

#include <memory>

#include <QObject>
#include <QProcess>
#include <QStringList>

namespace weft {

/// How a call of `weft` ended.
struct WeftAnswer {
    int code = -1; ///< −1 when it did not end by itself
    QByteArray output;
    QString errors; ///< what it said is wrong, or why it could not be started
};

/// One call of `weft` at a time, beside the GUI thread; it ends with the object.
class WeftCall : public QObject {
    Q_OBJECT

public:
    explicit WeftCall(QObject* parent = nullptr);
    ~WeftCall() override;

    /// An earlier call that still goes on is given up.
    void start(const QStringList& arguments);
    void cancel();
    bool isRunning() const { return m_process != nullptr; }

Q_SIGNALS:
    void ended(const weft::WeftAnswer& answer);

private:
    void finish(int code);

    std::unique_ptr<QProcess> m_process;
};

} // namespace weft
