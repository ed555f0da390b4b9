// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title RevertingPriceSource
/// @notice A price source that misbehaves: it reverts.
contract RevertingPriceSource {
    fallback() external {
        revert();
    }
}
