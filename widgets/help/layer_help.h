#pragma once

#include <QDialog>

namespace weft {

class LayerSpec;

/// F1: what a layer computes, as a picture, a formula and words; its ports, its parameters, and a template
/// that uses it. Deletes itself when it is closed.
class LayerHelp : public QDialog {
    Q_OBJECT

public:
    LayerHelp(const LayerSpec& layer, QWidget* parent);

    QString layerType() const { return m_type; }

Q_SIGNALS:
    void templateChosen(const QString& name);
    /// The layer is to be put on the canvas.
    void layerChosen(const QString& type);

private:
    QWidget* buildPage(const LayerSpec& layer);

    QString m_type;
};

/// The first template that uses a layer of this type, also inside a block; empty when none does.
QString templateWith(const std::string& type);

} // namespace weft
