#include "widgets/help/layer_help.h"

#include <algorithm>

#include <QDialogButtonBox>
#include <QGridLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "core/layers/layer_spec.h"
#include "core/project/project.h"
#include "widgets/help/layer_pictures.h"
#include "widgets/help/sketch.h"
#include "widgets/keep_geometry.h"
#include "widgets/port_text.h"
#include "widgets/properties/param_editor.h"
#include "widgets/text.h"
#include "widgets/theme/theme.h"

namespace weft {
namespace {

/// The picture on the canvas' ground.
class PictureView : public QWidget {
public:
    explicit PictureView(const LayerSpec& layer) : m_layer(layer)
    {
        setObjectName(QStringLiteral("layerPicture"));
        setAccessibleName(LayerHelp::tr("Picture of %1").arg(layerTitle(layer)));
        setFixedHeight(static_cast<int>(Sketch::height) + 24);
        connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(themeColors().line);
        painter.setBrush(themeColors().canvas);
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
        paintLayerPicture(painter, QRectF(rect()).adjusted(12, 12, -12, -12), m_layer);
    }

private:
    const LayerSpec m_layer; ///< a copy: a block may go while its help is open
};

QLabel* wordLabel(const QString& text, const char* role)
{
    auto* label = new QLabel(text);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setProperty("role", role);
    return label;
}

QLabel* heading(const QString& text)
{
    auto* label = new QLabel(text.toUpper());
    label->setProperty("role", "heading");
    return label;
}

void addRow(QGridLayout* grid, const QString& left, const QString& right, const QString& below = {})
{
    const int row = grid->rowCount();
    auto* name = wordLabel(left, "");
    name->setWordWrap(false);
    grid->addWidget(name, row, 0, Qt::AlignTop);
    grid->addWidget(wordLabel(right, ""), row, 1);
    if (!below.isEmpty())
        grid->addWidget(wordLabel(below, "secondary"), row + 1, 1);
}

QGridLayout* newGrid()
{
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(20);
    grid->setVerticalSpacing(3);
    grid->setColumnStretch(1, 1);
    grid->setColumnMinimumWidth(0, 110);
    return grid;
}

void addPort(QGridLayout* grid, const PortSpec& port, const QString& title)
{
    QString note;
    if (port.isVariadic)
        note = LayerHelp::tr("Takes two wires or more.");
    if (port.isOptional)
        note = LayerHelp::tr("May stay unwired.");
    addRow(grid, title.arg(portTitle(port.name)), QString::fromStdString(port.shapeHint), note);
}

bool uses(const std::vector<Node>& nodes, const std::string& type)
{
    return std::any_of(nodes.begin(), nodes.end(), [&](const Node& node) { return node.type == type; });
}

} // namespace

QString templateWith(const std::string& type)
{
    for (const TemplateInfo& info : projectTemplates()) {
        const Network network = projectFromTemplate(info.name).network;
        const bool isInBlock = std::any_of(network.blocks.begin(), network.blocks.end(), [&](const Block& block) { return uses(block.nodes, type); });
        if (uses(network.nodes, type) || isInBlock)
            return QString::fromStdString(info.name);
    }
    return {};
}

LayerHelp::LayerHelp(const LayerSpec& layer, QWidget* parent) : QDialog(parent), m_type(QString::fromStdString(layer.type()))
{
    setObjectName(QStringLiteral("layerHelp"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("%1 – help").arg(layerTitle(layer)));
    resize(600, 680);
    auto* area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setAccessibleName(windowTitle());
    area->setWidget(buildPage(layer));

    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::close);
    if (findLayer(layer.type())) {
        QPushButton* add = buttons->addButton(tr("Add to the canvas"), QDialogButtonBox::ActionRole);
        add->setObjectName(QStringLiteral("addLayer"));
        connect(add, &QPushButton::clicked, this, [this] { Q_EMIT layerChosen(m_type); });
    }
    if (const QString name = templateWith(layer.type()); !name.isEmpty()) {
        const std::vector<TemplateInfo> all = projectTemplates();
        const auto info = std::find_if(all.begin(), all.end(), [&](const TemplateInfo& entry) { return entry.name == name.toStdString(); });
        QPushButton* open = buttons->addButton(tr("Open a template with it: %1").arg(translated(info->title)), QDialogButtonBox::ActionRole);
        open->setObjectName(QStringLiteral("openTemplate"));
        connect(open, &QPushButton::clicked, this, [this, name] { Q_EMIT templateChosen(name); });
    }
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 12);
    layout->setSpacing(12);
    layout->addWidget(area, 1);
    layout->addWidget(buttons);
    keepGeometry(this);
}

QWidget* LayerHelp::buildPage(const LayerSpec& layer)
{
    auto* page = new QWidget;
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(4, 0, 12, 8);
    layout->setSpacing(10);
    layout->addWidget(wordLabel(layerTitle(layer), "title"));
    layout->addWidget(wordLabel(translated(layer.summary()), ""));
    layout->addWidget(new PictureView(layer));
    if (!layer.formula().empty()) {
        QLabel* formula = wordLabel(QString::fromStdString(layer.formula()).replace(QStringLiteral(",  "), QStringLiteral(",\n")), "formula");
        formula->setObjectName(QStringLiteral("formula"));
        layout->addWidget(formula);
    }
    layout->addWidget(wordLabel(translated(layer.details()), ""));
    QGridLayout* ports = newGrid();
    for (const PortSpec& port : layer.inputs())
        addPort(ports, port, tr("Input %1"));
    for (const PortSpec& port : layer.outputs())
        addPort(ports, port, tr("Output %1"));
    layout->addWidget(heading(tr("Ports")));
    layout->addLayout(ports);
    if (!layer.params().empty()) {
        QGridLayout* params = newGrid();
        for (const ParamSpec& param : layer.params())
            addRow(params, paramLabel(param), paramHelp(param), tr("Default: %1").arg(paramValueText(param, param.defaultValue)));
        layout->addWidget(heading(tr("Parameters")));
        layout->addLayout(params);
    }
    layout->addStretch();
    return page;
}

} // namespace weft
