// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title GasTellingPriceSource
/// @notice A price source that misbehaves: its price is the gas that it got, so that whoever chooses the gas would choose the price.
contract GasTellingPriceSource {
    /// @notice Called as a price source would be.
    function priceOver(uint40, uint40) external view returns (uint256) {
        return gasleft();
    }
}
