#include "core/base/tree.h"

#include <algorithm>

namespace weft {

const Tree* Tree::find(std::string_view key) const
{
    if (!isMap())
        return nullptr;
    const auto it = std::find_if(map().begin(), map().end(), [&](const auto& entry) { return entry.first == key; });
    return it == map().end() ? nullptr : &it->second;
}

Tree* Tree::find(std::string_view key)
{
    return const_cast<Tree*>(std::as_const(*this).find(key));
}

Tree& Tree::operator[](std::string_view key)
{
    if (isNull())
        m_value = Map{};
    if (Tree* found = find(key))
        return *found;
    return map().emplace_back(std::string(key), Tree()).second;
}

bool Tree::erase(std::string_view key)
{
    if (!isMap())
        return false;
    return std::erase_if(map(), [&](const auto& entry) { return entry.first == key; }) > 0;
}

} // namespace weft
