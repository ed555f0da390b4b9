// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title RevertingPriceSource
/// @notice A price source that misbehaves: it reverts.
contract RevertingPriceSource {
    /// @notice What it reverts with.
    error RevertingPriceSource_No();

    /// @notice Called as a price source would be.
    function priceOver(uint40, uint40) external pure {
        revert RevertingPriceSource_No();
    }
}
