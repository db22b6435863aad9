weft_test(ops_gradient_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/ops_gradient_test.cpp)
