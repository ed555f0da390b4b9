// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title SigningWallet
/// @notice A contract account whose owner signs for it (ERC-1271) and calls through it.
contract SigningWallet is IERC1271 {
    address public immutable OWNER;

    error SigningWallet_NotOwner(address caller);

    constructor(address owner) {
        OWNER = owner;
    }

    /// @notice Calls `target` in the wallet's name.
    function execute(address target, bytes calldata data) external {
        require(msg.sender == OWNER, SigningWallet_NotOwner(msg.sender));
        (bool done, bytes memory answer) = target.call(data);
        if (done) return;
        assembly ("memory-safe") {
            revert(add(answer, 0x20), mload(answer))
        }
    }

    /// @inheritdoc IERC1271
    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        (address signer, , ) = ECDSA.tryRecoverCalldata(hash, signature);
        return signer == OWNER ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }
}
