#pragma once

#include <optional>

#include <QTimer>
#include <QWidget>

#include "core/network/network.h"
#include "widgets/canvas/tensor_picture.h"

namespace weft {

class CanvasView;
class NetworkInsight;

/// A card beside the wire under the mouse, or the selected one, with what flows through it for the pinned sample.
class WirePeek : public QWidget {
    Q_OBJECT

public:
    WirePeek(CanvasView* view, NetworkInsight* insight);

    /// The port whose values are shown or waited for, "conv1.y"; empty for none.
    const QString& port() const { return m_port; }
    /// What is shown; nothing while it is waited for.
    const std::optional<TensorPicture>& picture() const { return m_picture; }
    const QString& problem() const { return m_problem; }

public Q_SLOTS:
    /// Shows the selected wire, or what leaves the selected layer; hides the card when it shows that already.
    void toggleForSelection();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void follow(const QPoint& point);
    void open(const Wire& wire, const QPoint& at);
    void close();
    void take(const QString& port, const QJsonObject& tensor);
    void refuse(const QString& port, const QString& reason);
    void place();

    CanvasView* m_view;
    NetworkInsight* m_insight;
    QTimer m_delay; ///< passing over a wire shows nothing
    std::optional<Wire> m_wire; ///< under the mouse
    QPoint m_at;
    bool m_isHeld = false; ///< shown by the keyboard: the mouse does not take it away
    QString m_port;
    QString m_title;
    QString m_facts; ///< shape, type and bytes, as far as they are known without the values
    bool m_isData = false; ///< the port is that of an input, whose values may be a picture
    std::optional<TensorPicture> m_picture;
    QString m_problem;
};

} // namespace weft
