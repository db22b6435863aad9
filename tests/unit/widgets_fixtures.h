#pragma once

#include <QMouseEvent>
#include <QTemporaryDir>
#include <QTest>
#include <QWheelEvent>

#include "core/project/project.h"
#include "widgets/canvas/canvas_view.h"
#include "widgets/project_document.h"
#include "widgets/theme/theme.h"

namespace weft::test {

inline Node node(const std::string& id, const std::string& type, Tree params = Tree::Map{})
{
    return {id, id, type, std::move(params), {}};
}

/// Input → Flatten → Dense(10) → CrossEntropy, one row from (0, 0).
inline Project smallProject()
{
    Project project;
    project.id = "small";
    EditBatch batch(project);
    const std::pair<const char*, const char*> layers[] = {{"image", "Input"}, {"flatten", "Flatten"}, {"dense", "Dense"}, {"loss", "CrossEntropy"}};
    double x = 0;
    for (const auto& [id, type] : layers) {
        batch.add(addNodeEdit(batch.network(), node(id, type)));
        batch.setPosition(id, {x, 0});
        x += 300;
    }
    batch.add(setParamEdit(batch.network(), "dense", "units", Tree(10)));
    batch.addWire({"image", "y"}, {"flatten", "x"});
    batch.addWire({"flatten", "y"}, {"dense", "x"});
    batch.addWire({"dense", "y"}, {"loss", "prediction"});
    return batch.project();
}

/// A document and a canvas of 1000x600 at 100 %, shown.
struct CanvasFixture {
    ProjectDocument document;
    CanvasView view{&document};

    explicit CanvasFixture(const Project& project = smallProject())
    {
        document.setProject(project, {});
        view.resize(1000, 600);
        view.show();
        view.resetZoom();
        view.activateWindow();
        QCoreApplication::processEvents();
    }

    QPoint at(const QPointF& scenePoint) const { return view.viewportTransform().map(scenePoint).toPoint(); }
    QPoint nodeAt(const std::string& id) const { return at(view.canvas().node(id)->mapToScene(view.canvas().node(id)->body().center())); }
    QPoint portAt(const std::string& id, const std::string& port, bool isInput) const { return at(view.canvas().node(id)->portPoint(port, isInput)); }

    void send(QEvent::Type type, const QPoint& point, Qt::MouseButton button, Qt::MouseButtons buttons, Qt::KeyboardModifiers keys = {})
    {
        QMouseEvent event(type, QPointF(point), QPointF(view.viewport()->mapToGlobal(point)), button, buttons, keys);
        QCoreApplication::sendEvent(view.viewport(), &event);
    }
    void press(const QPoint& point, Qt::MouseButton button = Qt::LeftButton) { send(QEvent::MouseButtonPress, point, button, button); }
    void moveTo(const QPoint& point, Qt::MouseButton button = Qt::LeftButton) { send(QEvent::MouseMove, point, Qt::NoButton, button); }
    void release(const QPoint& point, Qt::MouseButton button = Qt::LeftButton) { send(QEvent::MouseButtonRelease, point, button, {}); }
    void drag(const QPoint& from, const QPoint& to, Qt::MouseButton button = Qt::LeftButton)
    {
        press(from, button);
        moveTo((from + to) / 2, button);
        moveTo(to, button);
        release(to, button);
        QCoreApplication::processEvents();
    }
    void wheel(const QPoint& point, int delta)
    {
        QWheelEvent event(QPointF(point), QPointF(view.viewport()->mapToGlobal(point)), {}, QPoint(0, delta), Qt::NoButton, Qt::NoModifier,
                          Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(view.viewport(), &event);
    }
    std::size_t wireCount() const { return document.project().network.wires.size(); }
    bool hasWire(const PortRef& from, const PortRef& to) const { return wireIndex(document.project().network, Wire{from, to}) >= 0; }
};

} // namespace weft::test
