// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IPriceSource} from "../interfaces/IPriceSource.sol";
import {PriceReason} from "../interfaces/IStabilizationReserve.sol";

/// @title PriceRead
/// @notice Asks a price source without trusting it: it can lie about the price, and do nothing else.
/// @dev Four rules. The call is static, so the source changes nothing. It gets exactly {GAS}, and the caller must have shown that
/// so much was there: an EVM call silently passes on at most 63/64 of what is left, so somebody who sends little gas could
/// otherwise make an honest source fail. One word is copied, however much comes back. Whatever is odd means "no price".
library PriceRead {
    /// @dev Enough for a search through the history of a feed; little enough for any block.
    uint256 internal constant GAS = 1_500_000;

    /// @dev What is spent between the check and the call: a cold account, once more for a delegated one, and the arguments.
    uint256 private constant MARGIN = 10_000;

    /// @dev So much must be left for the call to get {GAS} after the EVM has kept back its 64th.
    uint256 internal constant NEEDED = GAS + GAS / 63 + 1 + MARGIN;

    /// @notice Too little gas is left to give the price source all it may use. Send more.
    error PriceRead_GasTooLow(uint256 left, uint256 needed);

    /// @notice The price that `source` gives for [start, end), or 0 and the reason why there is none.
    function read(address source, uint40 start, uint40 end) internal view returns (uint256 price, PriceReason reason) {
        if (source == address(0)) return (0, PriceReason.NoSource);
        if (source.code.length == 0) return (0, PriceReason.NoCode);

        bytes memory question = abi.encodeCall(IPriceSource.priceOver, (start, end));
        uint256 left = gasleft();
        require(left >= NEEDED, PriceRead_GasTooLow(left, NEEDED));

        bool success;
        uint256 size;
        uint256 answer;
        // Solidity would copy all that comes back, at the caller's cost: a source could halt the protocol by answering too much.
        assembly ("memory-safe") {
            success := staticcall(GAS, source, add(question, 0x20), mload(question), 0x00, 0x20)
            size := returndatasize()
            answer := mload(0x00)
        }
        if (!success) return (0, PriceReason.CallFailed);
        if (size != 32) return (0, PriceReason.BadReturn);
        if (answer == 0) return (0, PriceReason.Zero);
        if (answer > type(uint128).max) return (0, PriceReason.TooHigh);
        return (answer, PriceReason.Used);
    }
}
