#pragma once

#include <deque>
#include <string>

#include <QTimer>
#include <QWidget>

class QCheckBox;
class QLabel;

namespace weft {

class Actions;
class CardGrid;
class ProjectCard;

/// What the Studio shows before there is work: projects of late, templates with their networks and what to
/// expect of them, the tour. Lies over the window; Esc goes to the open project.
class StartPage : public QWidget {
    Q_OBJECT

public:
    StartPage(const Actions& actions, QWidget* parent);

    /// Reads the recent projects anew and shows the page.
    void open();
    /// The user's choice whether a start without a file shows this page.
    static bool isWantedAtStart();
    CardGrid& recent() const { return *m_recent; }
    CardGrid& templates() const { return *m_templates; }

Q_SIGNALS:
    void projectChosen(const QString& path);
    void templateChosen(const QString& name);
    /// A template is to be opened and trained at once.
    void trainingChosen(const QString& name);
    void languageChosen(const QString& language);
    void closed();

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QWidget* buildSide(const Actions& actions);
    QWidget* buildProjects();
    void fillRecent();
    void fillTemplates();
    void measureNext();

    /// A template whose figures are still to be computed.
    struct Unmeasured {
        ProjectCard* card;
        std::string name;
    };

    QLabel* m_recentTitle = nullptr;
    CardGrid* m_recent = nullptr;
    CardGrid* m_templates = nullptr;
    QTimer m_measure;
    std::deque<Unmeasured> m_unmeasured;
};

/// Paths of the projects that were open of late and are still there, the latest first.
QStringList recentProjects();
/// Puts a project at the head of the recent ones.
void rememberProject(const QString& path);

} // namespace weft
