// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";

import {IMiningToken} from "./interfaces/IMiningToken.sol";

/// @title MiningToken
/// @notice The mined token: capped, with permits and votes, and with one minter for ever. The manual is its interface.
contract MiningToken is ERC20, ERC20Permit, ERC20Votes, AccessManaged, IMiningToken {
    /// @dev Every packed amount of the protocol has 128 bits, so no supply may exceed them.
    uint256 private constant MAX_CAP = type(uint128).max;

    /// @inheritdoc IMiningToken
    uint256 public immutable CAP;

    /// @inheritdoc IMiningToken
    uint256 public immutable GENESIS;

    /// @inheritdoc IMiningToken
    address public minter;

    /// @param name The token's name.
    /// @param symbol Its symbol.
    /// @param initialAuthority The access manager.
    /// @param genesis Who receives how much at once; often empty.
    /// @param curveTotal What the emission curve adds in all, in wei.
    constructor(
        string memory name,
        string memory symbol,
        address initialAuthority,
        Allocation[] memory genesis,
        uint256 curveTotal
    ) ERC20(name, symbol) ERC20Permit(name) AccessManaged(initialAuthority) {
        // Checked first, so that the sums below cannot overflow before they are compared.
        require(curveTotal <= MAX_CAP, MiningToken_CapTooHigh(curveTotal, MAX_CAP));

        uint256 allocated;
        for (uint256 i = 0; i < genesis.length; ++i) {
            uint256 amount = genesis[i].amount;
            require(amount != 0, MiningToken_AllocationZero(i));
            require(
                amount <= MAX_CAP && allocated + amount <= MAX_CAP - curveTotal,
                MiningToken_CapTooHigh(amount, MAX_CAP - curveTotal - allocated)
            );

            allocated += amount;
            emit GenesisAllocated(genesis[i].account, amount);
            _mint(genesis[i].account, amount);
        }
        GENESIS = allocated;
        CAP = allocated + curveTotal;
    }

    /* ------------------------------------------------------------------------------------------------------------ */
    /* MINTER                                                                                                       */
    /* ------------------------------------------------------------------------------------------------------------ */

    /// @inheritdoc IMiningToken
    function mint(address to, uint256 amount) external {
        require(msg.sender == minter, MiningToken_NotMinter(msg.sender, minter));
        // Compared without adding, so that no amount whatever overflows.
        uint256 left = CAP - totalSupply();
        require(amount <= left, MiningToken_CapExceeded(amount, left));

        _mint(to, amount);
    }

    /* ------------------------------------------------------------------------------------------------------------ */
    /* GOVERNANCE                                                                                                   */
    /* ------------------------------------------------------------------------------------------------------------ */

    /// @inheritdoc IMiningToken
    function setMinter(address newMinter) external restricted {
        require(minter == address(0), MiningToken_MinterAlreadySet(minter));
        require(newMinter != address(0), MiningToken_MinterZero());

        minter = newMinter;
        emit MinterSet(newMinter);
    }

    /* ------------------------------------------------------------------------------------------------------------ */
    /* VIEWS                                                                                                        */
    /* ------------------------------------------------------------------------------------------------------------ */

    /// @notice The present time, by which votes are counted.
    function clock() public view override returns (uint48) {
        return Time.timestamp();
    }

    /// @notice Says that votes are counted by time, not by blocks (ERC-6372).
    // solhint-disable-next-line func-name-mixedcase, the name is ERC-6372's
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    /// @notice The next nonce of an account, shared by permits and delegations by signature.
    function nonces(address owner) public view override(ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }

    /* ------------------------------------------------------------------------------------------------------------ */
    /* INTERNAL                                                                                                     */
    /* ------------------------------------------------------------------------------------------------------------ */

    /// @dev Moves votes along with tokens.
    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }
}
