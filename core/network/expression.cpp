#include "core/network/expression.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/nearest.h"

namespace weft {

namespace {

/// Deeper nesting is no formula that anyone wrote, and would exhaust the stack.
constexpr int deepest = 100;

bool isNameStart(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Evaluates while it parses, by recursive descent: sum → product → sign → value.
class Evaluator {
public:
    Evaluator(const std::string& text, const NamedIntegers& names) : m_text(text), m_names(names) {}

    std::int64_t evaluate()
    {
        const std::int64_t value = sum();
        if (peek() != '\0')
            refuse();
        return value;
    }

private:
    std::int64_t sum();
    std::int64_t product();
    std::int64_t sign();
    std::int64_t value();
    std::int64_t number();
    std::int64_t named();
    std::int64_t extreme(bool isMax);
    std::int64_t divided(std::int64_t a, std::int64_t b, bool isExact) const;
    std::int64_t remainder(std::int64_t a, std::int64_t b) const;

    /// The next character that is no space; 0 at the end.
    char peek()
    {
        while (m_at < m_text.size() && m_text[m_at] == ' ')
            ++m_at;
        return m_at < m_text.size() ? m_text[m_at] : '\0';
    }
    bool take(char c)
    {
        const bool isThere = peek() == c;
        m_at += isThere ? 1 : 0;
        return isThere;
    }
    [[noreturn]] void refuse()
    {
        if (peek() == '\0')
            throw Error(WEFT_TEXT("Expression", "The expression \"%1\" breaks off: a number, a name or a closing parenthesis is missing."), m_text);
        throw Error(WEFT_TEXT("Expression",
                              "The expression \"%1\" cannot be read at \"%2\", character %3. It may hold + - * / // %, parentheses, min, "
                              "max, whole numbers and names of parameters."),
                    m_text, m_text.substr(m_at, 1), m_at + 1);
    }
    void checkSize(bool hasOverflow) const
    {
        if (hasOverflow)
            throw Error(WEFT_TEXT("Expression", "The value of the expression \"%1\" is too large."), m_text);
    }
    std::int64_t negated(std::int64_t number) const
    {
        std::int64_t result = 0;
        checkSize(__builtin_sub_overflow(std::int64_t{0}, number, &result));
        return result;
    }

    const std::string& m_text;
    const NamedIntegers& m_names;
    std::size_t m_at = 0;
    int m_depth = 0;
};

std::int64_t Evaluator::sum()
{
    if (++m_depth > deepest)
        throw Error(WEFT_TEXT("Expression", "The expression \"%1\" is nested too deeply."), m_text);
    std::int64_t total = product();
    for (;;) {
        const bool isSum = take('+');
        if (!isSum && !take('-'))
            break;
        const std::int64_t next = product();
        const bool hasOverflow = isSum ? __builtin_add_overflow(total, next, &total) : __builtin_sub_overflow(total, next, &total);
        checkSize(hasOverflow);
    }
    --m_depth;
    return total;
}

std::int64_t Evaluator::product()
{
    std::int64_t total = sign();
    for (;;) {
        if (take('*')) {
            checkSize(__builtin_mul_overflow(total, sign(), &total));
        } else if (take('/')) {
            const bool isExact = !take('/');
            total = divided(total, sign(), isExact);
        } else if (take('%')) {
            total = remainder(total, sign());
        } else {
            return total;
        }
    }
}

std::int64_t Evaluator::sign()
{
    if (!take('-'))
        return value();
    if (++m_depth > deepest)
        throw Error(WEFT_TEXT("Expression", "The expression \"%1\" is nested too deeply."), m_text);
    const std::int64_t result = negated(sign());
    --m_depth;
    return result;
}

std::int64_t Evaluator::divided(std::int64_t a, std::int64_t b, bool isExact) const
{
    if (b == 0)
        throw Error(WEFT_TEXT("Expression", "The expression \"%1\" divides by zero."), m_text);
    if (b == -1)
        return negated(a);
    const std::int64_t quotient = a / b;
    if (a % b == 0)
        return quotient;
    if (isExact)
        throw Error(
            WEFT_TEXT("Expression", "The expression \"%1\" does not give a whole number: %2 / %3 leaves a remainder. Write // to round down."),
            m_text, a, b);
    return (a < 0) != (b < 0) ? quotient - 1 : quotient;
}

std::int64_t Evaluator::remainder(std::int64_t a, std::int64_t b) const
{
    if (b == 0)
        throw Error(WEFT_TEXT("Expression", "The expression \"%1\" divides by zero."), m_text);
    const std::int64_t rest = b == -1 ? 0 : a % b;
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

std::int64_t Evaluator::value()
{
    const char c = peek();
    if (take('(')) {
        const std::int64_t inside = sum();
        if (!take(')'))
            refuse();
        return inside;
    }
    if (isDigit(c))
        return number();
    if (isNameStart(c))
        return named();
    refuse();
}

std::int64_t Evaluator::number()
{
    std::int64_t total = 0;
    for (; m_at < m_text.size() && isDigit(m_text[m_at]); ++m_at) {
        const std::int64_t digit = m_text[m_at] - '0';
        checkSize(__builtin_mul_overflow(total, std::int64_t{10}, &total) || __builtin_add_overflow(total, digit, &total));
    }
    return total;
}

std::int64_t Evaluator::named()
{
    const std::size_t begin = m_at;
    while (m_at < m_text.size() && (isNameStart(m_text[m_at]) || isDigit(m_text[m_at])))
        ++m_at;
    const std::string name = m_text.substr(begin, m_at - begin);
    if ((name == "min" || name == "max") && peek() == '(')
        return extreme(name == "max");
    const auto it = std::find_if(m_names.begin(), m_names.end(), [&](const auto& entry) { return entry.first == name; });
    if (it != m_names.end())
        return it->second;
    if (m_names.empty())
        throw Error(WEFT_TEXT("Expression", "The expression \"%1\" names \"%2\", but the block has no parameters."), m_text, name);
    std::vector<std::string> known;
    std::string list;
    for (const auto& entry : m_names) {
        known.push_back(entry.first);
        list += (list.empty() ? "" : ", ") + entry.first;
    }
    const std::string near = nearest(name, known);
    if (near.empty())
        throw Error(WEFT_TEXT("Expression", "The expression \"%1\" names \"%2\", but the block's parameters are: %3."), m_text, name, list);
    throw Error(WEFT_TEXT("Expression", "The expression \"%1\" names \"%2\", which is no parameter of the block. Did you mean \"%3\"?"), m_text, name,
                near);
}

std::int64_t Evaluator::extreme(bool isMax)
{
    take('(');
    std::int64_t best = sum();
    while (take(',')) {
        const std::int64_t next = sum();
        best = isMax ? std::max(best, next) : std::min(best, next);
    }
    if (!take(')'))
        refuse();
    return best;
}

} // namespace

std::int64_t evaluateExpression(const std::string& text, const NamedIntegers& names)
{
    return Evaluator(text, names).evaluate();
}

} // namespace weft
