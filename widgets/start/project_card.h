#pragma once

#include <functional>

#include <QAbstractButton>
#include <QPixmap>

namespace weft {

/// A project to choose: its network, its name, and what is known of it.
class ProjectCard : public QAbstractButton {
    Q_OBJECT

public:
    /// `picture` draws the network at a size and pixel ratio; called when the card is first seen, and again
    /// when the theme changes.
    using Picture = std::function<QPixmap(const QSize& size, double pixelRatio)>;

    ProjectCard(const QString& title, const QString& details, Picture picture, QWidget* parent = nullptr);

    /// A line of figures below the details, in tabular type.
    void setFigures(const QString& figures);
    QString details() const { return m_details; }
    QString figures() const { return m_figures; }
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void describe();

    QString m_details;
    QString m_figures;
    Picture m_draw;
    QPixmap m_picture;
};

/// Places its cards in as many columns as fit.
class CardGrid : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;
    void add(ProjectCard* card);
    void clear();
    QList<ProjectCard*> cards() const { return m_cards; }

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void place();

    QList<ProjectCard*> m_cards;
};

} // namespace weft
