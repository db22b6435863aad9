#include "widgets/predictions/try_pane.h"

#include <algorithm>
#include <numeric>

#include <QBuffer>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QJsonArray>
#include <QLabel>
#include <QLocale>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "widgets/data/class_bars.h"
#include "widgets/predictions/drawing_pad.h"
#include "widgets/theme/icons.h"
#include "widgets/worker_client.h"

namespace weft {

namespace {

constexpr int shownClasses = 5;
constexpr int answerWidth = 190;
constexpr int smallestPad = 96;
constexpr int largestPad = 320;
constexpr int gap = 12;
constexpr qint64 largestFile = 64 << 20;
constexpr int typingRestMs = 150;

QByteArray pngOf(const QImage& image)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return bytes;
}

} // namespace

TryPane::TryPane(WorkerClient* worker, QWidget* parent) : QWidget(parent), m_worker(worker)
{
    m_pad = new DrawingPad(this);
    m_sentence = new QPlainTextEdit(this);
    m_sentence->setObjectName(QStringLiteral("sentence"));
    m_sentence->setPlaceholderText(tr("Write a sentence here."));
    m_sentence->setAccessibleName(m_sentence->placeholderText());
    m_sentence->setTabChangesFocus(true);
    m_sentence->hide();
    m_typing.setSingleShot(true);
    m_typing.setInterval(typingRestMs);
    m_bars = new ClassBars;
    m_bars->setAccessibleName(tr("Probabilities of the classes"));
    m_text = new QLabel;
    m_text->setWordWrap(true);
    m_text->setObjectName(QStringLiteral("answer"));
    m_clear = new QPushButton(icon(QStringLiteral("eraser")), tr("Clear"));
    m_file = new QPushButton(icon(QStringLiteral("image")), tr("Image …"));
    m_file->setObjectName(QStringLiteral("image"));

    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_clear);
    buttons->addWidget(m_file);
    m_answer = new QWidget(this);
    auto* answer = new QVBoxLayout(m_answer);
    answer->setContentsMargins(0, 0, 0, 0);
    answer->setSpacing(6);
    answer->addWidget(m_text);
    answer->addWidget(m_bars);
    answer->addStretch();
    answer->addLayout(buttons);

    connect(m_pad, &DrawingPad::drawn, this, [this](const QImage& image) { ask(pngOf(image)); });
    connect(m_pad, &DrawingPad::fileDropped, this, &TryPane::openFile);
    connect(m_pad, &DrawingPad::cleared, this, [this] {
        m_image.clear();
        showNothing(m_run.isEmpty() ? tr("Train first; then draw here what the network should recognise.") : tr("Draw, or drop an image file."));
    });
    connect(m_clear, &QPushButton::clicked, this, [this] {
        m_pad->clear();
        m_sentence->clear();
    });
    connect(m_sentence, &QPlainTextEdit::textChanged, &m_typing, qOverload<>(&QTimer::start));
    connect(&m_typing, &QTimer::timeout, this, &TryPane::askSentence);
    connect(m_file, &QPushButton::clicked, this, &TryPane::chooseFile);
    setRun({});
}

QSize TryPane::minimumSizeHint() const
{
    const QSize answer = m_answer->minimumSizeHint();
    return {smallestPad + gap + answer.width(), std::max(smallestPad, answer.height())};
}

int TryPane::widthFor(int height) const
{
    return std::clamp(height, smallestPad, largestPad) + std::max(answerWidth, m_answer->minimumSizeHint().width() + gap);
}

/// The pad is a square as large as the answer beside it allows. Set by hand: a layout would take the
/// size of the moment for the smallest.
void TryPane::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    const int room = std::max(answerWidth, m_answer->minimumSizeHint().width() + gap);
    const int side = std::clamp(std::min(height(), width() - room), smallestPad, largestPad);
    m_pad->setGeometry(0, 0, side, side);
    m_sentence->setGeometry(0, 0, side, side);
    m_answer->setGeometry(side + gap, 0, width() - side - gap, height());
}

void TryPane::setRun(const QString& runDir)
{
    m_run = runDir;
    m_pad->setEnabled(!runDir.isEmpty());
    if (runDir.isEmpty()) {
        m_pad->clear();
        return;
    }
    const QJsonObject params{{QStringLiteral("run"), runDir}, {QStringLiteral("checkpoint"), QStringLiteral("best")}};
    m_worker->request(QStringLiteral("model.info"), params, this, [this, runDir](const QJsonObject& result, const QString& error) {
        if (runDir != m_run || !error.isEmpty())
            return;
        setTakesText(result.value(QStringLiteral("takes_text")).toBool());
        if (m_takesText) {
            askSentence();
            return;
        }
        for (const QJsonValue& value : result.value(QStringLiteral("inputs")).toArray()) {
            const QJsonArray shape = value.toObject().value(QStringLiteral("shape")).toArray();
            if (shape.size() == 3)
                m_pad->setInputSize({shape[2].toInt(), shape[1].toInt()});
        }
        if (m_image.isEmpty())
            showNothing(tr("Draw, or drop an image file."));
        else
            ask(m_image);
    });
}

void TryPane::chooseFile()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Open an image"), {},
                                                      tr("Images (*.png *.jpg *.jpeg *.bmp *.gif *.webp *.tif *.tiff);;All files (*)"));
    if (!path.isEmpty())
        openFile(path);
}

void TryPane::openFile(const QString& path)
{
    QFile file(path);
    if (!file.open(QFile::ReadOnly)) {
        showNothing(tr("%1 could not be opened: %2.").arg(path, file.errorString()));
        return;
    }
    if (file.size() > largestFile) {
        showNothing(tr("%1 is larger than 64 MB. Choose a smaller picture.").arg(QFileInfo(path).fileName()));
        return;
    }
    const QByteArray bytes = file.readAll();
    const QImage picture = QImage::fromData(bytes);
    if (picture.isNull()) {
        showNothing(tr("%1 is no image that can be read.").arg(QFileInfo(path).fileName()));
        return;
    }
    m_pad->showPicture(picture);
    ask(bytes);
}

void TryPane::ask(const QByteArray& image)
{
    m_image = image;
    if (m_run.isEmpty()) {
        showNothing(tr("Train first; then the network says what it sees."));
        return;
    }
    request({{QStringLiteral("image"), QString::fromLatin1(image.toBase64())}});
}

void TryPane::askSentence()
{
    const QString text = m_sentence->toPlainText();
    if (m_run.isEmpty() || text.trimmed().isEmpty())
        showNothing(tr("Write a sentence to hear what the network makes of it."));
    else
        request({{QStringLiteral("text"), text}});
}

void TryPane::setTakesText(bool takesText)
{
    m_takesText = takesText;
    m_pad->setVisible(!takesText);
    m_file->setVisible(!takesText);
    m_sentence->setVisible(takesText);
}

/// Asks the best checkpoint; `params` hold the picture or the sentence.
void TryPane::request(QJsonObject params)
{
    if (m_request != 0)
        m_worker->cancel(m_request);
    params.insert(QStringLiteral("run"), m_run);
    params.insert(QStringLiteral("checkpoint"), QStringLiteral("best"));
    m_request = m_worker->request(QStringLiteral("model.predict"), params, this, [this](const QJsonObject& result, const QString& error) {
        m_request = 0;
        if (error.isEmpty())
            showAnswer(result);
        else
            showNothing(error);
    });
}

void TryPane::showAnswer(const QJsonObject& result)
{
    const QJsonArray names = result.value(QStringLiteral("class_names")).toArray();
    const QJsonArray values = result.value(QStringLiteral("probabilities")).toArray();
    std::vector<int> order(static_cast<std::size_t>(values.size()));
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return values[a].toDouble() > values[b].toDouble(); });
    order.resize(std::min<std::size_t>(order.size(), shownClasses));
    std::vector<ClassBars::Row> rows;
    for (const int index : order) {
        const double share = values[index].toDouble();
        const QString name = index < names.size() ? names[index].toString() : QString::number(index);
        rows.push_back({name, share, tr("%1 %").arg(QLocale().toString(100 * share, 'f', share < 0.1 ? 1 : 0)), rows.empty()});
    }
    m_text->setText(rows.empty() ? QString() : QStringLiteral("<b>%1</b>").arg(rows.front().name.toHtmlEscaped()));
    m_bars->setRows(std::move(rows));
}

void TryPane::showNothing(const QString& text)
{
    m_bars->setRows({});
    m_text->setText(text.toHtmlEscaped());
}

} // namespace weft
