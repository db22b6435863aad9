#include "widgets/start/start_page.h"

#include <memory>

#include <QCheckBox>
#include <QComboBox>
#include <QFileInfo>
#include <QKeyEvent>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>
#include <QSettings>
#include <QToolButton>
#include <QVBoxLayout>

#include "core/base/error.h"
#include "core/network/lowering.h"
#include "core/project/project.h"
#include "widgets/actions.h"
#include "widgets/start/network_picture.h"
#include "widgets/start/project_card.h"
#include "widgets/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"

namespace weft {
namespace {

constexpr int mostRecent = 10;
constexpr int sideWidth = 250;

QString recentKey()
{
    return QStringLiteral("files/recent");
}

QString atStartKey()
{
    return QStringLiteral("window/startPage");
}

QLabel* heading(const QString& text)
{
    auto* label = new QLabel(text);
    label->setProperty("role", "title");
    return label;
}

QLabel* secondary(const QString& text)
{
    auto* label = new QLabel(text);
    label->setProperty("role", "secondary");
    label->setWordWrap(true);
    return label;
}

/// A button with an icon at its left edge, as wide as its column.
QPushButton* wideButton(const QIcon& sign, const QString& text)
{
    auto* button = new QPushButton(sign, QLatin1Char(' ') + text);
    button->setStyleSheet(QStringLiteral("text-align: left; padding: 7px 12px;"));
    return button;
}

QString figuresOf(const Project& project)
{
    const Analysis analysis = analyze(project.network);
    return StartPage::tr("%1 parameters · %2 multiply-adds")
        .arg(formatLarge(static_cast<double>(analysis.parameters)), formatLarge(analysis.multiplyAdds));
}

} // namespace

QStringList recentProjects()
{
    QStringList paths;
    for (const QString& path : QSettings().value(recentKey()).toStringList()) {
        if (QFileInfo::exists(path))
            paths << path;
    }
    return paths;
}

void rememberProject(const QString& path)
{
    QSettings settings;
    QStringList recent = settings.value(recentKey()).toStringList();
    recent.removeAll(path);
    recent.prepend(path);
    settings.setValue(recentKey(), recent.mid(0, mostRecent));
    settings.setValue(QStringLiteral("files/last"), path);
}

bool StartPage::isWantedAtStart()
{
    return QSettings().value(atStartKey(), true).toBool();
}

StartPage::StartPage(const Actions& actions, QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("startPage"));
    setAccessibleName(tr("Start page"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(buildSide(actions));
    layout->addWidget(buildProjects(), 1);
    m_measure.setInterval(0);
    connect(&m_measure, &QTimer::timeout, this, &StartPage::measureNext);
    fillTemplates();
    hide();
}

QWidget* StartPage::buildSide(const Actions& actions)
{
    auto* side = new QWidget;
    side->setFixedWidth(sideWidth);
    auto* layout = new QVBoxLayout(side);
    layout->setContentsMargins(24, 24, 16, 20);
    layout->setSpacing(8);
    auto* sign = new QLabel;
    sign->setPixmap(icon(QStringLiteral("weft")).pixmap(52, 52));
    auto* name = new QLabel(QStringLiteral("Weft"));
    name->setStyleSheet(QStringLiteral("font-size: 24px; font-weight: bold;"));
    layout->addWidget(sign);
    layout->addWidget(name);
    layout->addWidget(secondary(tr("Wire layers, train them, look at what they learnt, take them elsewhere.")));
    layout->addSpacing(12);

    auto* train = wideButton(icon(QStringLiteral("train"), themeColors().onAccent), tr("Train LeNet now"));
    train->setObjectName(QStringLiteral("trainFirst"));
    train->setProperty("accent", true);
    train->setToolTip(tr("Opens LeNet on Fashion-MNIST and trains it: about two minutes on a laptop."));
    connect(train, &QPushButton::clicked, this, [this] { Q_EMIT trainingChosen(QStringLiteral("lenet")); });
    layout->addWidget(train);
    const std::tuple<const char*, const char*, QString> entries[]
        = {{"help.tour", "help", tr("Five-minute tour")}, {"file.new", "new", tr("Empty project")}, {"file.open", "open", tr("Open a project …")}};
    for (const auto& [id, sign2, text] : entries) {
        QPushButton* button = wideButton(icon(QLatin1String(sign2)), text);
        button->setObjectName(QLatin1String(id));
        connect(button, &QPushButton::clicked, actions[id], &QAction::trigger);
        layout->addWidget(button);
    }
    layout->addStretch();

    auto* language = new QComboBox;
    language->setObjectName(QStringLiteral("language"));
    language->setAccessibleName(tr("Language"));
    language->addItem(QStringLiteral("English"), QStringLiteral("en"));
    language->addItem(QStringLiteral("简体中文"), QStringLiteral("zh_CN"));
    language->setCurrentIndex(QLocale().language() == QLocale::Chinese ? 1 : 0);
    connect(language, &QComboBox::activated, this, [this, language] { Q_EMIT languageChosen(language->currentData().toString()); });
    layout->addWidget(language);
    auto* atStart = new QCheckBox(tr("Show this page at the start"));
    atStart->setObjectName(QStringLiteral("atStart"));
    atStart->setChecked(isWantedAtStart());
    connect(atStart, &QCheckBox::toggled, this, [](bool isOn) { QSettings().setValue(atStartKey(), isOn); });
    layout->addWidget(atStart);
    return side;
}

QWidget* StartPage::buildProjects()
{
    auto* page = new QWidget;
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(24, 24, 24, 24);
    layout->setSpacing(12);
    m_recentTitle = heading(tr("Recent projects"));
    m_recent = new CardGrid;
    m_templates = new CardGrid;
    auto* close = new QToolButton;
    close->setObjectName(QStringLiteral("closeStart"));
    close->setIcon(icon(QStringLiteral("close")));
    close->setText(tr("Go to the open project"));
    close->setToolTip(tr("Go to the open project") + QStringLiteral("  (Esc)"));
    connect(close, &QToolButton::clicked, this, &StartPage::closed);
    auto* top = new QHBoxLayout;
    top->addWidget(m_recentTitle);
    auto* templatesTitle = heading(tr("Templates"));
    layout->addLayout(top);
    layout->addWidget(m_recent);
    layout->addSpacing(8);
    layout->addWidget(templatesTitle);
    layout->addWidget(secondary(tr("Networks that work as they are. Each brings its data or generated samples, and can be changed at will.")));
    layout->addWidget(m_templates);
    layout->addStretch();

    auto* area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setFocusPolicy(Qt::NoFocus);
    area->setAccessibleName(tr("Templates"));
    area->setWidget(page);
    auto* box = new QWidget;
    auto* column = new QHBoxLayout(box);
    column->setContentsMargins(0, 0, 8, 0);
    column->setSpacing(0);
    column->addWidget(area, 1);
    column->addWidget(close, 0, Qt::AlignTop);
    return box;
}

void StartPage::open()
{
    fillRecent();
    show();
    raise();
    m_measure.start();
    if (m_recent->cards().isEmpty())
        findChild<QPushButton*>(QStringLiteral("trainFirst"))->setFocus();
    else
        m_recent->cards().first()->setFocus();
}

void StartPage::fillRecent()
{
    const QStringList paths = recentProjects();
    m_recentTitle->setVisible(!paths.isEmpty());
    m_recent->clear();
    for (const QString& path : paths) {
        const QFileInfo file(path);
        std::shared_ptr<const Project> project;
        QString details = tr("%1, changed on %2").arg(file.absolutePath(), QLocale().toString(file.lastModified(), QLocale::ShortFormat));
        try {
            project = std::make_shared<const Project>(readProject(path.toStdString(), Reading::Tolerant));
        } catch (const Error& error) {
            details = translated(error.message());
        }
        auto* card = new ProjectCard(file.completeBaseName(), details, [project](const QSize& size, double ratio) {
            return networkPicture(project ? *project : Project(), size, ratio);
        });
        card->setObjectName(path);
        if (project)
            card->setFigures(tr("%n layer(s)", nullptr, static_cast<int>(project->network.nodes.size())));
        connect(card, &ProjectCard::clicked, this, [this, path] { Q_EMIT projectChosen(path); });
        m_recent->add(card);
    }
    m_recent->setVisible(!paths.isEmpty());
}

void StartPage::fillTemplates()
{
    for (const TemplateInfo& info : projectTemplates()) {
        const std::string name = info.name;
        auto* card = new ProjectCard(translated(info.title), translated(info.expected),
                                     [name](const QSize& size, double ratio) { return networkPicture(projectFromTemplate(name), size, ratio); });
        card->setObjectName(QString::fromStdString(name));
        card->setToolTip(translated(info.description));
        connect(card, &ProjectCard::clicked, this, [this, name] { Q_EMIT templateChosen(QString::fromStdString(name)); });
        m_templates->add(card);
        m_unmeasured.push_back({card, name});
    }
}

/// One template a turn of the event loop, so that the page is there at once.
void StartPage::measureNext()
{
    if (m_unmeasured.empty() || !isVisible()) {
        m_measure.stop();
        return;
    }
    const Unmeasured next = m_unmeasured.front();
    m_unmeasured.pop_front();
    next.card->setFigures(figuresOf(projectFromTemplate(next.name)));
}

void StartPage::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), themeColors().panel);
    painter.fillRect(QRect(sideWidth, 0, 1, height()), themeColors().line);
}

void StartPage::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape)
        Q_EMIT closed();
    else
        QWidget::keyPressEvent(event);
}

} // namespace weft
