# How every translation unit is compiled: strict, hardened, reproducible.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1")
set(CMAKE_CXX_FLAGS_DEBUG "-Og -g1")

option(STRONGROOM_FUZZ "build the fuzzers, and nothing that needs other tests; with clang" OFF)
if(STRONGROOM_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
set(STRONGROOM_SANITIZE "" CACHE STRING "sanitizers to build with, as -fsanitize takes them")

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE}")
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_compile_options(
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror
  -fstack-protector-strong -fno-omit-frame-pointer
  "-ffile-prefix-map=${CMAKE_SOURCE_DIR}=.")
add_link_options(-pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
# Checks of the standard library stay on in release: a wrong index aborts instead of reading on.
add_compile_definitions(_GLIBCXX_ASSERTIONS)
if(STRONGROOM_SANITIZE)
  add_compile_options("-fsanitize=${STRONGROOM_SANITIZE}" -fno-sanitize-recover=all)
  add_link_options("-fsanitize=${STRONGROOM_SANITIZE}")
elseif(CMAKE_BUILD_TYPE STREQUAL "Release")
  add_compile_definitions(_FORTIFY_SOURCE=2)
endif()
