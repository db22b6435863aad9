weft_test(translation_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/translation_test.cpp)
