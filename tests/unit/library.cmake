# The library by itself: installed, then the examples are built against the package and run.
set(library_dir ${CMAKE_BINARY_DIR}/library-test)
add_test(NAME library_install
  COMMAND ${CMAKE_COMMAND} --install ${CMAKE_BINARY_DIR} --prefix ${library_dir}/installed)
add_test(NAME library_build
  COMMAND ${CMAKE_CTEST_COMMAND} --build-and-test ${CMAKE_SOURCE_DIR}/examples/cpp ${library_dir}/build --build-generator ${CMAKE_GENERATOR}
    --build-options -DCMAKE_PREFIX_PATH=${library_dir}/installed -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS=${CMAKE_CXX_FLAGS})
add_test(NAME library_add_vectors COMMAND ${library_dir}/build/add_vectors)
add_test(NAME library_lenet COMMAND ${library_dir}/build/lenet)
set_tests_properties(library_install PROPERTIES FIXTURES_SETUP library_installed)
set_tests_properties(library_build PROPERTIES FIXTURES_REQUIRED library_installed FIXTURES_SETUP library_built)
set_tests_properties(library_add_vectors PROPERTIES PASS_REGULAR_EXPRESSION "11 22 33")
set_tests_properties(library_lenet PROPERTIES PASS_REGULAR_EXPRESSION "accuracy 0\\.[89]")
set_tests_properties(library_add_vectors library_lenet PROPERTIES FIXTURES_REQUIRED library_built)
set_tests_properties(library_install library_build library_add_vectors library_lenet PROPERTIES LABELS unit TIMEOUT 300
  ENVIRONMENT "XDG_DATA_HOME=${library_dir}/data;GOMP_SPINCOUNT=2000")
