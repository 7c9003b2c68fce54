/**
 * A model that reserves, charges and settles like one behind HTTP, with books of its own. Its answers are those of the fake models.
 */
import { NOTHING, addAmounts } from '../../src/domain/money/amounts';
import type { Amounts } from '../../src/domain/money/amounts';
import type { ModelRequest, RoleModel } from '../../src/ports/model';

/** The id has no known price: it costs the ceiling, 15 and 75 USD per million tokens. */
export const MODEL_ID = 'compatible:charging';
/** Tokens of each call, and what they cost at the ceiling: 1000 * 15 + 200 * 75 micro-dollars. */
const USAGE = { inputTokens: 1_000, outputTokens: 200 };
export const COST = 30_000;

export interface ChargingModel extends RoleModel {
  books(): Amounts;
  /** The calls that were charged, by build and phase. */
  charged: string[];
}

/** `answers`: the model that answers. A call that never ends is charged, too. */
export function chargingModel(answers: RoleModel): ChargingModel {
  let books = NOTHING;
  const charged: string[] = [];
  const call = async (request: ModelRequest) => {
    const sent = {
      model: MODEL_ID,
      bytes: 4_000,
      files: 0,
      outputTokens: 1_000,
      request: '0'.repeat(64),
      timeoutMs: 60_000,
    };
    const reservation = await request.purse?.reserve(sent);
    books = addAmounts(books, { microUsd: COST, tokens: 1_200, calls: 1 });
    charged.push(`${request.idempotencyKey?.split('.')[1]} ${request.phase}`);
    try {
      const reply = await answers.call(request);
      await reservation?.settle(USAGE);
      return { ...reply, model: MODEL_ID, usage: USAGE, calls: 1 };
    } catch (error) {
      await reservation?.settle('unknown');
      throw error;
    }
  };
  return { id: MODEL_ID, scripted: false, call, books: () => books, charged };
}
