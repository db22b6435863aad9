#include <algorithm>

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QPushButton>
#include <QStackedWidget>
#include <QTableWidget>

#include "widgets/data/class_bars.h"
#include "widgets/data/data_panel.h"
#include "widgets/data/sample_source.h"
#include "widgets/data/tile_view.h"
#include "widgets/project_document.h"
#include "widgets/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"

// The samples of a split with the counts of their classes, and the offer to make the network fit.

namespace weft {

namespace {

constexpr int tableRows = 200;

} // namespace

QJsonObject DataPanel::dataSettings() const
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(toJson(m_document->project().data))).object();
}

QWidget* DataPanel::buildOffer()
{
    m_offerBar = new QFrame;
    m_offerBar->setProperty("role", QStringLiteral("card"));
    m_offerText = new QLabel;
    m_offerText->setWordWrap(true);
    m_offerButton = new QPushButton;
    m_offerButton->setObjectName(QStringLiteral("offer"));
    m_offerButton->setProperty("accent", true);
    auto* layout = new QHBoxLayout(m_offerBar);
    layout->setContentsMargins(12, 6, 6, 6);
    m_offerAndTrain = new QPushButton(icon(QStringLiteral("train")), tr("Set and train"));
    m_offerAndTrain->setObjectName(QStringLiteral("offerAndTrain"));
    m_offerAndTrain->setToolTip(tr("Makes the network fit the data and starts training at once."));
    layout->addWidget(m_offerText, 1);
    layout->addWidget(m_offerButton);
    layout->addWidget(m_offerAndTrain);
    connect(m_offerButton, &QPushButton::clicked, this, &DataPanel::takeOffer);
    connect(m_offerAndTrain, &QPushButton::clicked, this, [this] {
        takeOffer();
        Q_EMIT trainRequested();
    });
    m_offerBar->hide();
    return m_offerBar;
}

bool DataPanel::isImages() const
{
    return std::any_of(m_columns.begin(), m_columns.end(), [](const DataColumn& column) { return column.dtype == QLatin1String("uint8"); });
}

bool DataPanel::areTexts() const
{
    return std::any_of(m_columns.begin(), m_columns.end(), [](const DataColumn& column) { return column.name == QLatin1String("text.lengths"); });
}

QString DataPanel::currentSplit() const
{
    return m_split->currentData().toString();
}

void DataPanel::showSplit()
{
    if (m_facts.isEmpty())
        return;
    m_samples->setData(dataSettings(), m_document->baseDir(), currentSplit());
    showCounts();
    const qint64 size = m_facts.value(QStringLiteral("sizes")).toObject().value(currentSplit()).toInteger();
    m_views->setCurrentWidget(isImages() ? static_cast<QWidget*>(m_tiles) : m_table);
    m_tiles->setEmptyText(tr("No samples in this split."));
    m_tiles->setCount(isImages() ? size : 0);
    if (!isImages())
        showTable();
}

void DataPanel::showCounts()
{
    const QJsonArray names = m_facts.value(QStringLiteral("class_names")).toArray();
    const QJsonArray counts = m_facts.value(QStringLiteral("class_counts")).toObject().value(currentSplit()).toArray();
    double most = 1;
    for (const QJsonValue& count : counts)
        most = std::max(most, count.toDouble());
    std::vector<ClassBars::Row> rows;
    for (qsizetype i = 0; i < std::min(names.size(), counts.size()); ++i)
        rows.push_back({names[i].toString(), counts[i].toDouble() / most, formatCount(counts[i].toInteger()), false});
    m_counts->setRows(std::move(rows));
}

void DataPanel::showTable()
{
    const qint64 size = m_facts.value(QStringLiteral("sizes")).toObject().value(currentSplit()).toInteger();
    QStringList headers;
    for (const DataColumn& column : m_columns) {
        if (areTexts()) {
            headers << tr("text");
            break;
        }
        if (column.name != QLatin1String("features") && !column.isLabel && column.name != QLatin1String("label"))
            headers << column.name;
    }
    headers << tr("label");
    m_table->clear();
    m_table->setColumnCount(static_cast<int>(headers.size()));
    m_table->setHorizontalHeaderLabels(headers);
    m_table->horizontalHeader()->setSectionResizeMode(0, areTexts() ? QHeaderView::Stretch : QHeaderView::Interactive);
    m_table->setRowCount(static_cast<int>(std::min<qint64>(size, tableRows)));
    fillTable();
}

void DataPanel::fillTable()
{
    if (isImages() || m_facts.isEmpty())
        return;
    const QJsonArray names = m_facts.value(QStringLiteral("class_names")).toArray();
    const int last = m_table->columnCount() - 1;
    for (int row = 0; row < m_table->rowCount(); ++row) {
        if (m_table->item(row, last))
            continue;
        const SampleFacts* facts = m_samples->find(row);
        if (!facts)
            continue;
        for (int column = 0; column < std::min<int>(last, static_cast<int>(facts->values.size())); ++column) {
            auto* item = new QTableWidgetItem(QLocale().toString(facts->values[column], 'g', 6));
            item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            m_table->setItem(row, column, item);
        }
        if (areTexts()) {
            auto* item = new QTableWidgetItem(facts->text.simplified());
            item->setToolTip(facts->text);
            m_table->setItem(row, 0, item);
        }
        m_table->setItem(row, last,
                         new QTableWidgetItem(facts->label >= 0 && facts->label < names.size() ? names[facts->label].toString() : QString()));
    }
}

void DataPanel::paintSample(QPainter& painter, const QRect& rect, qint64 index) const
{
    const Colors& colors = themeColors();
    const QRect place(rect.center().x() - pictureSide / 2, rect.top(), pictureSide, pictureSide);
    const SampleFacts* facts = m_samples->find(index);
    if (!facts || facts->picture.isNull()) {
        painter.fillRect(place, colors.raised);
        return;
    }
    const QSize size = facts->picture.size().scaled(place.size(), Qt::KeepAspectRatio);
    QRect target(QPoint(), size);
    target.moveCenter(place.center());
    painter.drawPixmap(target, facts->picture);
    if (m_pinned == PinnedSample{currentSplit(), index})
        paintPin(painter, place);
    const QJsonArray names = m_facts.value(QStringLiteral("class_names")).toArray();
    if (facts->label < 0 || facts->label >= names.size())
        return;
    painter.setFont(Theme::instance().smallFont());
    painter.setPen(colors.secondary);
    const QRect caption(rect.left(), place.bottom() + 2, rect.width(), rect.height() - place.height() - 2);
    painter.drawText(caption, Qt::AlignHCenter | Qt::AlignTop,
                     painter.fontMetrics().elidedText(names[facts->label].toString(), Qt::ElideRight, rect.width()));
}

void DataPanel::takeOffer()
{
    if (!m_offer)
        return;
    const ShapeOffer taken = *m_offer; // the edits bring the next offer
    m_document->perform(taken.text, taken.edits);
}

void DataPanel::setPinned(const PinnedSample& sample)
{
    m_pinned = sample;
    m_tiles->refresh();
}

void DataPanel::askForData()
{
    m_offerText->setText(tr("Training needs data. Choose a data set, a folder of images or a table; then press Train again."));
    m_offerButton->hide();
    m_offerAndTrain->hide();
    m_offerBar->show();
    m_catalogue->setFocus();
}

void DataPanel::showOffer()
{
    m_offer.reset();
    if (!m_facts.isEmpty())
        m_offer
            = shapeOffer(m_document->project().network, m_columns, static_cast<int>(m_facts.value(QStringLiteral("class_names")).toArray().size()));
    m_offerBar->setVisible(m_offer.has_value());
    if (!m_offer)
        return;
    m_offerText->setText(tr("The network does not fit these data yet."));
    m_offerButton->show();
    m_offerAndTrain->show();
    m_offerButton->setText(m_offer->text);
}

} // namespace weft
