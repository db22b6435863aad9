weft_test(layers_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/layers_test.cpp)
