// LeNet on Fashion-MNIST in ten statements: defined, trained and measured.
#include <cstdio>

#include <weft/weft.h>

int main()
{
    weft::Model lenet("fashion-mnist");
    lenet.add("Input", {{"shape", weft::Tree::List{1, 28, 28}}});
    lenet.add("Conv2D", {{"filters", 20}, {"kernelSize", 5}}).add("ReLU").add("MaxPool2D");
    lenet.add("Conv2D", {{"filters", 50}, {"kernelSize", 5}}).add("ReLU").add("MaxPool2D");
    lenet.add("Flatten").add("Dense", {{"units", 500}}).add("ReLU").add("Dense", {{"units", 10}});
    lenet.add("CrossEntropy");
    lenet.train({{"epochs", 1}});
    std::printf("accuracy %.4f\n", lenet.evaluate().accuracy);
}
