// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title EmptyReturnPriceSource
/// @notice A price source that misbehaves: it answers nothing at all.
contract EmptyReturnPriceSource {
    fallback() external {}
}
