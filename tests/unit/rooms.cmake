weft_test(rooms_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/rooms_test.cpp)
weft_test(base_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/base_test.cpp)
