# Pictures of every view, for people to look at: scripts/views. Not a test.
add_executable(views EXCLUDE_FROM_ALL views/views.cpp)
set_target_properties(views PROPERTIES AUTOMOC ON RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
target_compile_options(views PRIVATE ${WEFT_WARNINGS})
target_link_libraries(views PRIVATE weft weft_widgets Qt6::Test)
