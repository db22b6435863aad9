#include "widgets/canvas/layer_search.h"

#include <algorithm>

#include <QGuiApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QScreen>
#include <QSettings>
#include <QVBoxLayout>

#include "core/layers/layer_spec.h"
#include "widgets/palette/layer_delegate.h"
#include "widgets/text.h"

namespace weft {
namespace {

QString useKey(const QString& type)
{
    return QStringLiteral("layerUse/") + type;
}

} // namespace

int fuzzyScore(const QString& typed, const QString& text)
{
    int score = 0;
    int from = 0;
    int run = 0;
    for (const QChar c : typed.toLower()) {
        if (c.isSpace())
            continue;
        int at = from;
        while (at < text.size() && text.at(at).toLower() != c)
            ++at;
        if (at == text.size())
            return -1;
        const bool isWordStart = at == 0 || text.at(at).isUpper() || !text.at(at - 1).isLetterOrNumber();
        run = at == from && from > 0 ? run + 1 : 0;
        score += 1 + (isWordStart ? 4 : 0) + run * 2 - std::min(at - from, 3);
        from = at + 1;
    }
    return std::max(score, 0);
}

LayerSearch::LayerSearch(QWidget* parent) : QFrame(parent, Qt::Popup), m_field(new QLineEdit), m_list(new QListWidget)
{
    setObjectName(QStringLiteral("layerSearch"));
    setProperty("role", "popup");
    setFixedSize(300, 320);
    m_field->setPlaceholderText(tr("Search layers"));
    m_field->setAccessibleName(tr("Search layers"));
    m_field->installEventFilter(this);
    m_list->setItemDelegate(new LayerDelegate(m_list));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setUniformItemSizes(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->setSpacing(6);
    layout->addWidget(m_field);
    layout->addWidget(m_list);
    connect(m_field, &QLineEdit::textChanged, this, &LayerSearch::fill);
    connect(m_list, &QListWidget::itemClicked, this, &LayerSearch::choose);
}

void LayerSearch::open(const QPoint& globalPoint, Filter filter, std::function<void(const QString&)> onChosen)
{
    m_filter = filter;
    m_onChosen = std::move(onChosen);
    m_field->clear();
    fill();
    const QScreen* at = QGuiApplication::screenAt(globalPoint);
    const QRect screen = at ? at->availableGeometry() : QRect(globalPoint, size());
    move(std::clamp(globalPoint.x(), screen.left(), std::max(screen.left(), screen.right() - width())),
         std::clamp(globalPoint.y(), screen.top(), std::max(screen.top(), screen.bottom() - height())));
    show();
    m_field->setFocus();
}

void LayerSearch::countUse(const QString& type)
{
    QSettings settings;
    settings.setValue(useKey(type), settings.value(useKey(type)).toInt() + 1);
}

void LayerSearch::fill()
{
    const QSettings settings;
    std::vector<std::pair<int, const LayerSpec*>> found;
    for (const LayerSpec& layer : layerCatalogue()) {
        if ((m_filter == Filter::WithInput && layer.inputs().empty()) || (m_filter == Filter::WithOutput && layer.outputs().empty()))
            continue;
        const QString type = QString::fromStdString(layer.type());
        int score = fuzzyScore(m_field->text(), type) * 4;
        if (score < 0) // the summary helps to find a layer whose name one does not know
            score = translated(layer.summary()).contains(m_field->text(), Qt::CaseInsensitive) ? 0 : -1;
        if (score < 0)
            continue;
        found.emplace_back(score + std::min(settings.value(useKey(type)).toInt(), 20), &layer);
    }
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    m_list->clear();
    for (const auto& [score, layer] : found)
        m_list->addItem(layerListItem(*layer));
    m_list->setCurrentRow(0);
}

void LayerSearch::choose()
{
    const QListWidgetItem* item = m_list->currentItem();
    hide();
    if (item && m_onChosen)
        m_onChosen(item->text());
}

bool LayerSearch::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::KeyPress)
        return QFrame::eventFilter(watched, event);
    const auto* key = static_cast<QKeyEvent*>(event);
    switch (key->key()) {
    case Qt::Key_Down:
    case Qt::Key_Up: {
        const int rows = m_list->count();
        if (rows > 0)
            m_list->setCurrentRow((m_list->currentRow() + (key->key() == Qt::Key_Down ? 1 : rows - 1)) % rows);
        return true;
    }
    case Qt::Key_Return:
    case Qt::Key_Enter: choose(); return true;
    case Qt::Key_Escape: hide(); return true;
    default: return QFrame::eventFilter(watched, event);
    }
}

} // namespace weft
