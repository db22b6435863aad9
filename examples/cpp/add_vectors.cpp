// Two vectors added in a Session: a graph is built once and run on numbers.
#include <array>
#include <cstdio>

#include <weft/weft.h>

int main()
{
    weft::Graph graph;
    const weft::Value a = graph.input("a", {weft::DType::Float32, {3}});
    const weft::Value b = graph.input("b", {weft::DType::Float32, {3}});
    const weft::Value sum = add(a, b);

    weft::Session session({});
    weft::Plan& plan = session.plan(graph, {.fetches = {sum}});
    const std::array<float, 3> left{1, 2, 3}, right{10, 20, 30};
    std::array<float, 3> result{};
    session.run(plan, std::array<const void*, 2>{left.data(), right.data()}, std::array<void*, 1>{result.data()});
    std::printf("%g %g %g\n", result[0], result[1], result[2]);
}
