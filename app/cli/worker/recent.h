#pragma once

#include <list>
#include <memory>
#include <utility>

#include <QString>

namespace weft::cli {

/// The values used last, by key; the one unused for longest goes when there are too many.
template <class T> class Recent {
public:
    explicit Recent(std::size_t most) : m_most(most) {}

    /// The value of `key`, made by `make()` when it is not there.
    template <class Make> T& get(const QString& key, Make&& make)
    {
        for (auto it = m_entries.begin(); it != m_entries.end(); ++it) {
            if (it->first == key) {
                m_entries.splice(m_entries.begin(), m_entries, it);
                return *m_entries.front().second;
            }
        }
        // Room first: two large data sets need not be in memory at once.
        while (m_entries.size() >= m_most)
            m_entries.pop_back();
        std::unique_ptr<T> made = make();
        m_entries.emplace_front(key, std::move(made));
        return *m_entries.front().second;
    }

private:
    std::size_t m_most;
    std::list<std::pair<QString, std::unique_ptr<T>>> m_entries;
};

} // namespace weft::cli
