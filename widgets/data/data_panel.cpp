#include "widgets/data/data_panel.h"

#include <algorithm>

#include <QComboBox>
#include <QDir>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLabel>
#include <QLocale>
#include <QMimeData>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>
#include <QSettings>
#include <QStackedWidget>
#include <QTableWidget>
#include <QVBoxLayout>

#include "core/data/dataset.h"
#include "widgets/data/class_bars.h"
#include "widgets/data/sample_source.h"
#include "widgets/data/tile_view.h"
#include "widgets/project_document.h"
#include "widgets/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"
#include "widgets/worker_client.h"

namespace weft {

namespace {

QLabel* secondaryLabel()
{
    auto* label = new QLabel;
    label->setProperty("role", QStringLiteral("secondary"));
    label->setWordWrap(true);
    return label;
}

/// Relative where the project's folder holds the data, so that both can move together.
QString storedPath(const QString& path, const ProjectDocument& document)
{
    const QString absolute = QFileInfo(path).absoluteFilePath();
    const QString relative = QDir(document.baseDir()).relativeFilePath(absolute);
    return document.path().isEmpty() || relative.startsWith(QLatin1String("..")) ? absolute : relative;
}

} // namespace

DataPanel::DataPanel(ProjectDocument* document, WorkerClient* worker, QWidget* parent) :
    QWidget(parent), m_document(document), m_worker(worker), m_samples(new SampleSource(worker, this))
{
    setAcceptDrops(true);
    m_counts = new ClassBars;
    auto* countsArea = new QScrollArea;
    countsArea->setWidgetResizable(true);
    countsArea->setFrameShape(QFrame::NoFrame);
    countsArea->setAccessibleName(tr("Samples of each class"));
    countsArea->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* countsHolder = new QWidget;
    auto* countsLayout = new QVBoxLayout(countsHolder);
    countsLayout->setContentsMargins(0, 0, 8, 0);
    countsLayout->addWidget(m_counts);
    countsLayout->addStretch();
    countsArea->setWidget(countsHolder);
    countsArea->setMinimumWidth(200);

    m_split = new QComboBox;
    m_split->setObjectName(QStringLiteral("split"));
    m_split->setAccessibleName(tr("Part of the data"));
    m_split->addItem(tr("Training samples"), QStringLiteral("train"));
    m_split->addItem(tr("Validation samples"), QStringLiteral("validation"));
    m_split->addItem(tr("Test samples"), QStringLiteral("test"));
    m_split->setFixedWidth(180);
    m_tiles = new TileView({pictureSide, pictureSide + 18},
                           [this](QPainter& painter, const QRect& rect, qint64 index) { paintSample(painter, rect, index); });
    m_tiles->setTipText([this](qint64 index) {
        const SampleFacts* facts = m_samples->find(index);
        return facts ? facts->name : QString();
    });
    m_tiles->setAccessibleName(tr("Samples"));
    connect(m_tiles, &TileView::clicked, this, [this](qint64 index) { Q_EMIT pinRequested({currentSplit(), index}); });
    m_table = new QTableWidget;
    m_table->setAccessibleName(tr("Samples"));
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setAlternatingRowColors(true);
    m_table->setShowGrid(false);
    m_table->verticalHeader()->hide();
    m_views = new QStackedWidget;
    connect(m_table, &QTableWidget::cellClicked, this, [this](int row) { Q_EMIT pinRequested({currentSplit(), row}); });
    connect(m_table, &QTableWidget::cellActivated, this, [this](int row) { Q_EMIT pinRequested({currentSplit(), row}); });
    m_views->addWidget(m_tiles);
    m_views->addWidget(m_table);

    auto* counts = new QVBoxLayout;
    counts->setSpacing(8);
    counts->addWidget(m_split);
    counts->addWidget(countsArea, 1);
    auto* row = new QHBoxLayout;
    row->setSpacing(24);
    row->addWidget(buildSource());
    row->addLayout(counts, 2);
    row->addWidget(m_views, 5);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(10);
    layout->addWidget(buildOffer());
    layout->addLayout(row, 1);

    m_openTimer.setSingleShot(true);
    m_openTimer.setInterval(30);
    connect(&m_openTimer, &QTimer::timeout, this, &DataPanel::open);
    connect(m_split, &QComboBox::currentIndexChanged, this, &DataPanel::showSplit);
    connect(m_samples, &SampleSource::arrived, this, [this] {
        m_tiles->refresh();
        fillTable();
    });
    connect(document, &ProjectDocument::reset, this, &DataPanel::reopen);
    connect(document, &ProjectDocument::pathChanged, this, &DataPanel::showSource);
    connect(document, &ProjectDocument::edited, this, [this](const Edits& edits) {
        const bool isData = std::any_of(edits.begin(), edits.end(), [](const Edit& edit) { return edit.path.starts_with("data"); });
        if (isData)
            reopen();
        else
            showOffer();
    });
    connect(worker, &WorkerClient::progressed, this, [this](qint64 id, double fraction) {
        if (id == m_request)
            m_tiles->setEmptyText(tr("Reading the data: %1 %").arg(qRound(100 * fraction)));
    });
    reopen();
}

QWidget* DataPanel::buildSource()
{
    auto* box = new QWidget;
    box->setFixedWidth(250);
    m_catalogue = new QComboBox;
    m_catalogue->setObjectName(QStringLiteral("catalogue"));
    m_catalogue->setAccessibleName(tr("Data set"));
    auto* folder = new QPushButton(icon(QStringLiteral("folder")), tr("Folder …"));
    folder->setObjectName(QStringLiteral("folder"));
    folder->setToolTip(tr("A folder with one subfolder of images for each class, or a folder of IDX files."));
    auto* table = new QPushButton(icon(QStringLiteral("table")), tr("Table …"));
    table->setObjectName(QStringLiteral("table"));
    table->setToolTip(tr("A CSV file with a header line; one column is the label."));
    m_path = secondaryLabel();
    m_labelTitle = new QLabel(tr("Label column"));
    m_label = new QComboBox;
    m_label->setObjectName(QStringLiteral("labelColumn"));
    m_label->setAccessibleName(m_labelTitle->text());
    m_sizes = new QLabel;
    m_sizes->setWordWrap(true);
    m_shape = secondaryLabel();
    m_warnings = new QLabel;
    m_warnings->setWordWrap(true);

    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(folder);
    buttons->addWidget(table);
    auto* label = new QHBoxLayout;
    label->addWidget(m_labelTitle);
    label->addWidget(m_label, 1);
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_catalogue);
    layout->addLayout(buttons);
    layout->addWidget(m_path);
    layout->addLayout(label);
    layout->addWidget(m_sizes);
    layout->addWidget(m_shape);
    layout->addWidget(m_warnings);
    layout->addStretch();

    auto* area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setAccessibleName(tr("Data"));
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setWidget(box);
    area->setFixedWidth(266);

    connect(folder, &QPushButton::clicked, this, &DataPanel::chooseFolder);
    connect(table, &QPushButton::clicked, this, &DataPanel::chooseTable);
    connect(m_catalogue, &QComboBox::activated, this, [this] {
        const QString source = m_catalogue->currentData().toString();
        if (!source.isEmpty())
            chooseSource(source.toStdString(), {});
    });
    connect(m_label, &QComboBox::activated, this, [this] {
        const Tree* before = m_document->project().data.find("labelColumn");
        m_document->perform(tr("Choose the label column"), {{"data/labelColumn", before ? *before : Tree(), m_label->currentText().toStdString()}});
    });
    return area;
}

void DataPanel::chooseFolder()
{
    const QString path = QFileDialog::getExistingDirectory(this, tr("Choose a folder of images"), dataFolder());
    if (!path.isEmpty())
        chooseFrom(path);
}

void DataPanel::chooseTable()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Choose a table"), dataFolder(), tr("Tables (*.csv *.tsv *.txt);;All files (*)"));
    if (!path.isEmpty())
        chooseFrom(path);
}

/// Where a dialog begins that looks for data: where the last were found, else in the user's own folders.
QString DataPanel::dataFolder() const
{
    const QString last = QSettings().value(QStringLiteral("data/folder")).toString();
    return !last.isEmpty() && QDir(last).exists() ? last : QDir::homePath();
}

void DataPanel::chooseFrom(const QString& path)
{
    QSettings().setValue(QStringLiteral("data/folder"), QFileInfo(path).absolutePath());
    choosePath(path);
}

void DataPanel::choosePath(const QString& path)
{
    chooseSource(describeData(path.toStdString()).find("source")->text(), storedPath(path, *m_document));
}

void DataPanel::chooseSource(const std::string& source, const QString& path)
{
    const Tree& settings = m_document->project().data;
    Edits edits;
    // What was set for the old data (label column, sizes, splits) does not fit the new.
    if (settings.isMap()) {
        for (const auto& [key, value] : settings.map()) {
            if (key != "source" && key != "path")
                edits.push_back({"data/" + key, value, {}});
        }
    }
    const auto set = [&](const std::string& key, const Tree& after) {
        const Tree* before = settings.find(key);
        edits.push_back({"data/" + key, before ? *before : Tree(), after});
    };
    set("source", source);
    set("path", path.isEmpty() ? Tree() : Tree(path.toStdString()));
    m_document->perform(tr("Choose data"), edits);
}

std::string DataPanel::source() const
{
    const Tree* source = m_document->project().data.find("source");
    return source && source->isText() ? source->text() : std::string();
}

void DataPanel::showSource()
{
    const std::string chosen = source();
    m_catalogue->clear();
    int current = -1;
    for (const CatalogueEntry& entry : dataCatalogue()) {
        m_catalogue->addItem(translated(entry.title), QString::fromStdString(entry.source));
        const int row = m_catalogue->count() - 1;
        m_catalogue->setItemData(row, translated(entry.isAvailable ? message(entry.description) : entry.howToGet), Qt::ToolTipRole);
        if (entry.source == chosen)
            current = row;
    }
    const Tree* path = m_document->project().data.find("path");
    const QString name = path && path->isText() ? QString::fromStdString(path->text()) : QString();
    if (current < 0 && !chosen.empty()) {
        const QString kind = chosen == "csv" ? tr("Table")
            : chosen == "images"             ? tr("Image folder")
            : chosen == "text"               ? tr("Texts")
                                             : tr("IDX files");
        m_catalogue->insertItem(0, tr("%1: %2").arg(kind, QFileInfo(name).fileName()), QString());
        current = 0;
    }
    m_catalogue->setCurrentIndex(current);
    if (current < 0)
        m_catalogue->setPlaceholderText(tr("Choose a data set"));
    m_path->setText(name);
    m_path->setVisible(!name.isEmpty());
}

void DataPanel::reopen()
{
    if (m_request != 0)
        m_worker->cancel(m_request);
    m_request = 0;
    m_facts = {};
    m_columns.clear();
    showSource();
    showNothing(source().empty() ? tr("Choose a data set, or drop a folder of images or a CSV table here.") : tr("Reading the data"));
    // Several edits in a row open once.
    m_openTimer.start();
}

void DataPanel::open()
{
    if (source().empty())
        return;
    const QJsonObject params{{QStringLiteral("data"), dataSettings()}, {QStringLiteral("baseDir"), m_document->baseDir()}};
    m_request = m_worker->request(QStringLiteral("dataset.open"), params, this, [this](const QJsonObject& result, const QString& error) {
        m_request = 0;
        if (error.isEmpty())
            showFacts(result);
        else
            showNothing(error);
    });
}

void DataPanel::showNothing(const QString& text)
{
    m_samples->setData({}, {}, {});
    m_counts->setRows({});
    m_sizes->clear();
    m_shape->clear();
    m_warnings->clear();
    m_label->hide();
    m_labelTitle->hide();
    m_split->hide();
    m_views->setCurrentWidget(m_tiles);
    m_tiles->setCount(0);
    m_tiles->setEmptyText(text);
    m_offer.reset();
    m_offerBar->hide();
    Q_EMIT columnsChanged({});
}

void DataPanel::showFacts(const QJsonObject& facts)
{
    m_facts = facts;
    m_columns = dataColumns(facts.value(QStringLiteral("columns")).toArray());
    const QJsonObject sizes = facts.value(QStringLiteral("sizes")).toObject();
    const auto sizeText = [&](const char* split) { return formatCount(sizes.value(QLatin1String(split)).toInteger()); };
    m_sizes->setText(tr("%1 to train · %2 to validate · %3 to test").arg(sizeText("train"), sizeText("validation"), sizeText("test")));
    QStringList columns;
    QStringList names;
    for (const DataColumn& column : m_columns) {
        names << column.name;
        if (column.dtype == QLatin1String("uint8") || column.name == QLatin1String("features"))
            columns << tr("%1: %2").arg(column.name, formatShape(Shape(std::vector<Dim>(column.shape.begin(), column.shape.end()))));
    }
    const int classes = static_cast<int>(facts.value(QStringLiteral("class_names")).toArray().size());
    if (classes > 0)
        columns << tr("%1 classes").arg(classes);
    m_shape->setText(columns.join(QStringLiteral(" · ")));

    QStringList warnings;
    for (const QJsonValue& value : facts.value(QStringLiteral("warnings")).toArray()) {
        const QString text = value.toObject().value(QStringLiteral("message")).toString();
        warnings << QStringLiteral("⚠ ") + text;
    }
    m_warnings->setText(warnings.join(QLatin1Char('\n')));
    m_warnings->setVisible(!warnings.isEmpty());
    m_split->show();
    m_label->setVisible(source() == "csv");
    m_labelTitle->setVisible(source() == "csv");
    m_label->clear();
    for (const QString& name : names) {
        if (name != QLatin1String("features") && !(name == QLatin1String("label") && names.count(name) == 1 && names.size() > 2))
            m_label->addItem(name);
    }
    if (const Tree* label = m_document->project().data.find("labelColumn"); label && label->isText())
        m_label->setCurrentText(QString::fromStdString(label->text()));
    else
        m_label->setCurrentIndex(-1);
    m_label->setPlaceholderText(tr("the last"));
    showSplit();
    showOffer();
    Q_EMIT columnsChanged(names);
}

void DataPanel::dragEnterEvent(QDragEnterEvent* event)
{
    const QList<QUrl> urls = event->mimeData()->urls();
    if (urls.size() == 1 && urls.first().isLocalFile())
        event->acceptProposedAction();
}

void DataPanel::dropEvent(QDropEvent* event)
{
    choosePath(event->mimeData()->urls().first().toLocalFile());
    event->acceptProposedAction();
}

} // namespace weft
