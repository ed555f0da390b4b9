// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title GasTellingPriceSource
/// @notice A price source that misbehaves: its price is the gas that it got, so that whoever chooses the gas would choose the price.
contract GasTellingPriceSource {
    fallback() external {
        assembly {
            mstore(0, gas())
            return(0, 32)
        }
    }
}
